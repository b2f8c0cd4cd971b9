import { mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { cleanupReportSchema, type CleanupReport } from '../../shared/contract/cleanup.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import { cannotWrite } from '../platform/settings-file.ts'

/** Reports that are kept; the oldest give way. */
const mostReports = 500
const changeName = /^[\w-]{1,100}$/
const numbers = new Intl.NumberFormat('en')

function counted(count: number): string {
  return `${numbers.format(count)} ${count === 1 ? 'record' : 'records'}`
}

/** A report for people to keep: what was removed by which rule, and what remains of it elsewhere. */
export function reportText({ kind, at, title, store, changeId, collections }: CleanupReport): string {
  const lines = [
    title,
    '',
    `Store: ${store}`,
    `When: ${new Date(at).toISOString()}`,
    `Change: ${changeId}`,
    '',
    ...collections.flatMap(({ name, rules, changed, removed }) => [
      `${name}: ${counted(removed.length)} removed${changed.length === 0 ? '' : `, ${counted(changed.length)} changed`}`,
      ...rules.map((rule) => `  ${rule}`),
      ...removed.map((id) => `  - ${id}`),
      ...changed.map((id) => `  * ${id}`),
    ]),
    '',
  ]
  if (kind === 'forget') {
    lines.push(
      'History keeps the records so that this can be undone: forget the change there to drop them.',
      'The database keeps traces of deleted texts until it is compacted.',
      '',
    )
  }
  return lines.join('\n')
}

/** Reports of what was removed, each in a file of the app's own data that only its owner may read. */
export class CleanupReports {
  readonly #folder: string

  /** @param folder in the app's data folder; made when needed */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** Keeps the report of a change. @throws AppError 'no-space' or 'forbidden' where it cannot be written */
  async add(report: CleanupReport): Promise<void> {
    const file = this.#fileOf(report.changeId)
    if (file === null) throw new AppError('internal', 'The change has no id that a report could be kept under.')
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 })
      const handle = await open(file, 'wx', 0o600)
      try {
        await handle.writeFile(JSON.stringify(report))
        await handle.sync()
      } finally {
        await handle.close()
      }
      await this.#removeOld()
    } catch (error) {
      throw cannotWrite(path.basename(file), error)
    }
  }

  /** @throws AppError 'not-found' */
  async get(changeId: string): Promise<CleanupReport> {
    const file = this.#fileOf(changeId)
    const text = file === null ? null : await readFile(file, 'utf8').catch(() => null)
    const parsed = text === null ? null : cleanupReportSchema.safeParse(JSON.parse(text))
    if (parsed?.success !== true)
      throw new AppError('not-found', 'The change has no report, or it is no longer kept.', 'History has the change.')
    return parsed.data
  }

  #fileOf(changeId: string): string | null {
    return changeName.test(changeId) ? path.join(this.#folder, `${changeId}.json`) : null
  }

  async #removeOld(): Promise<void> {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith('.json'))
    if (names.length <= mostReports) return
    const files = await Promise.all(names.map(async (name) => ({ name, at: (await stat(path.join(this.#folder, name))).mtimeMs })))
    for (const { name } of files.toSorted((a, b) => b.at - a.at).slice(mostReports))
      await rm(path.join(this.#folder, name), { force: true })
  }
}
