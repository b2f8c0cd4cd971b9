/** Work in steps of about a millisecond, between which others may have their turn. */
export type Steps<Result> = Generator<undefined, Result, undefined>

/** Points that are looked at in one step. */
const piece = 65_536
/** Milliseconds of the main thread that steps take in one go; well within a frame. */
const slice = 8

export interface RunningSteps {
  /** Does what is left at once. */
  finish(): void
  /** Leaves what is left undone. */
  cancel(): void
}

/** Does all of the work at once. */
export function finishSteps<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** Runs over 0 to `count` in steps. */
export function* inPieces(count: number, each: (from: number, to: number) => void): Steps<void> {
  for (let from = 0; from < count; from += piece) {
    each(from, Math.min(count, from + piece))
    yield
  }
}

/**
 * Does the work in slices, so that the page stays alive. What fits into the first slice is done, and told, before this returns.
 */
export function runSteps<Result>(steps: Steps<Result>, onDone: (result: Result) => void): RunningSteps {
  // A message comes as soon as what waits has had its turn; timers wait for some milliseconds.
  const { port1, port2 } = new MessageChannel()
  let isEnded = false
  const end = (): void => {
    isEnded = true
    port1.close()
  }
  const run = (until: number): void => {
    if (isEnded) return
    for (;;) {
      const { done, value } = steps.next()
      if (done) {
        end()
        onDone(value)
        return
      }
      if (performance.now() >= until) break
    }
    port2.postMessage(null)
  }
  port1.addEventListener('message', () => run(performance.now() + slice))
  port1.start()
  run(performance.now() + slice)
  return { finish: () => run(Infinity), cancel: end }
}
