/** Milliseconds between two looks at whether a frame is done, and after which it is taken for done. */
const interval = 3
const longest = 2000

/** Tells when the graphics processor has drawn a frame, so that no more are sent than it can draw. */
export class FrameFence {
  readonly #gl: WebGL2RenderingContext
  #timer = 0

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl
  }

  get isWaiting(): boolean {
    return this.#timer !== 0
  }

  /** Calls `onDone` once with the milliseconds that everything sent so far took. */
  wait(onDone: (milliseconds: number) => void): void {
    this.end()
    const gl = this.#gl
    const since = performance.now()
    const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0)
    gl.flush()
    const look = (): void => {
      const passed = performance.now() - since
      const isDone = !sync || gl.isContextLost() || gl.getSyncParameter(sync, gl.SYNC_STATUS) === gl.SIGNALED
      if (!isDone && passed < longest) {
        this.#timer = window.setTimeout(look, interval)
        return
      }
      this.#timer = 0
      gl.deleteSync(sync)
      onDone(passed)
    }
    this.#timer = window.setTimeout(look, interval)
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#timer = 0
  }
}
