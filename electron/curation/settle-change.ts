import { toWireError } from '../../shared/rpc/errors.ts'
import type { JobContext } from '../jobs/jobs.ts'
import { ChangeRun, type WriteTarget } from './change-run.ts'
import type { KeptChange } from './journal-folder.ts'
import { keptAsIs } from './refusals.ts'

export interface SettleOptions {
  readonly target: WriteTarget
  readonly context: JobContext
  /** Begins to edit the connection where it is read-only. */
  readonly startEditing: () => Promise<void>
  readonly isClosing: () => boolean
}

/**
 * Settles one change that was cut off: by comparing every record with the store it is found to be done, or not begun, or it is
 * finished; where it cannot be finished it is taken back. Records that are neither as before nor as after are left alone.
 * @returns what was done, in a sentence
 * @throws AppError what keeps it from being settled; that is noted in the journal
 */
export async function settleChange({ journal, summary }: KeptChange, options: SettleOptions): Promise<string> {
  const title = `"${summary.header.title}"`
  const { prepared } = summary
  const newRun = (): ChangeRun => new ChangeRun(journal, options.target, options.context, prepared.records)
  const { before, after, between, neither } = await newRun().compare()
  const kept = keptAsIs(neither)
  if (between === 0 && after === 0 && neither.length === 0) {
    await journal.failed({ note: 'It was cut off before anything was applied.', problem: null })
    return `${title} was cut off before anything was applied.`
  }
  if (between === 0 && after === 0) {
    // Whether these records were changed before or after they were written cannot be told, so what they were is not given up.
    await journal.done(`It was cut off, and nothing of it is in the store now.${kept} What was there before it is kept.`)
    return `${title} was cut off, and nothing of it is in the store now.${kept}`
  }
  if (between === 0 && before === 0) {
    await journal.done(`It was cut off after everything had been applied.${kept}`)
    return `${title} was cut off after everything had been applied.${kept}`
  }
  try {
    await options.startEditing()
    return await finish(title, journal, newRun, options)
  } catch (error) {
    if (!options.isClosing()) await journal.cutOff({ note: null, problem: toWireError(error) })
    throw error
  }
}

/** Rolls a change forward, and back where that fails. */
async function finish(title: string, journal: KeptChange['journal'], newRun: () => ChangeRun, options: SettleOptions): Promise<string> {
  const forward = newRun()
  try {
    await forward.bring('after', false)
    const kept = keptAsIs(forward.conflicts)
    await journal.done(`It was cut off in the middle, and finished at the next start.${kept}`)
    return `${title} was cut off in the middle and is finished now.${kept}`
  } catch (error) {
    if (options.isClosing() || options.context.signal.aborted) throw error
    const back = newRun()
    await back.bring('before', false)
    const kept = keptAsIs(back.conflicts)
    const note = `It was cut off in the middle, could not be finished, and was taken back.${kept}`
    await journal.failed({ note, problem: toWireError(error) })
    await back.refreshIfDirty()
    return `${title} was cut off in the middle, could not be finished, and was taken back.${kept}`
  } finally {
    await forward.refreshIfDirty()
  }
}
