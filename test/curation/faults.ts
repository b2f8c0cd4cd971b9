import { readdirSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { stringify } from 'lossless-json'
import type { RecordChange, RecordState } from '../../electron/curation/change.ts'
import { outlineOf } from '../../electron/curation/journal-outline.ts'
import { sameState } from '../../electron/curation/same-state.ts'
import type { Space } from '../../shared/domain/space.ts'
import type { TestEngine } from '../support/engines.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { type Random, seededRandom } from '../support/random.ts'
import { removeTemporary } from '../support/remove-temporary.ts'
import { differenceOf } from './difference.ts'
import { EditedApp } from './edited-app.ts'
import { type FaultCollection, faultCollections, faultDimension, makeFaultStore } from './fault-store.ts'
import { connectionId, openWorkbench, type Workbench } from './workbench.ts'

type Victim = 'app' | 'engine' | 'both'
type States = Map<string, Map<string, RecordState>>

export interface FaultReport {
  cuts: number
  /** How the changes stood at the next start. */
  readonly outcomes: Map<string, number>
  /** Cuts after which the records were neither those before the change nor those after it, in words. */
  readonly violations: string[]
  /** The largest share of its length by which undoing left a vector off, by space. */
  readonly worst: Record<'cosine' | 'l2', number>
  undone: number
}

export interface FaultOptions {
  readonly engine: TestEngine
  readonly cuts: number
  readonly seed: number
  readonly onCut?: (report: FaultReport) => void
}

/** A change that is done and not undone. */
interface Done {
  readonly id: string
  readonly collection: FaultCollection
}

/** Changes that are kept, for taking back; older ones are forgotten. */
const mostKept = 12

async function statesOf(bench: Workbench): Promise<States> {
  await (await bench.store()).refresh()
  const states: States = new Map()
  for (const { name } of faultCollections) states.set(name, await bench.all(name))
  return states
}

/** What differs, in words: how many records, and one of them as it is and as it should be. */
function differences(found: ReadonlyMap<string, RecordState>, expected: ReadonlyMap<string, RecordState>, space: Space): string | null {
  const off = [...new Set([...found.keys(), ...expected.keys()])].filter(
    (id) => !sameState(found.get(id) ?? null, expected.get(id) ?? null, space),
  )
  const [first] = off
  if (first === undefined) return null
  return `${off.length} records are neither, such as ${stringify({ found: shown(found.get(first)), expected: shown(expected.get(first)) })}`
}

function shown(state: RecordState | undefined): unknown {
  if (!state) return null
  return {
    ...state,
    document: state.document?.slice(0, 50) ?? null,
    metadata: [...(state.metadata ?? [])],
    vector: [...(state.vector ?? [])],
  }
}

/** How long a change of a kind takes, from its begin and from its first request on; learnt, so that cuts fall into all of it. */
class Durations {
  readonly #known = new Map<string, number>()

  get(kind: string): number {
    return this.#known.get(kind) ?? 400
  }

  /** @param elapsed milliseconds until the change ended, null where it was cut off before */
  learn(kind: string, elapsed: number | null): void {
    const known = this.get(kind)
    this.#known.set(kind, elapsed === null ? known * 1.05 : 0.5 * known + 0.5 * elapsed)
  }
}

/** The store under test with its app: cuts changes off, and compares what is found then. */
class FaultRun {
  readonly report: FaultReport = { cuts: 0, outcomes: new Map(), violations: [], worst: { cosine: 0, l2: 0 }, undone: 0 }
  readonly #app: string
  readonly #words: readonly string[]
  readonly #hasLists: boolean
  readonly #bench: Workbench
  readonly #random: Random
  readonly #durations = new Durations()
  #stack: Done[] = []
  readonly #seen = new Set<string>()
  #states: States = new Map()
  #edited: EditedApp | null = null
  #next: EditedApp | null = null

  constructor(app: string, words: readonly string[], bench: Workbench, random: Random, hasLists: boolean) {
    this.#app = app
    this.#words = words
    this.#bench = bench
    this.#random = random
    this.#hasLists = hasLists
  }

  async begin(): Promise<void> {
    this.#states = await statesOf(this.#bench)
    await this.#restart()
  }

  async end(): Promise<void> {
    await this.#edited?.end()
    await this.#next?.end()
  }

  /** Begins a change, and kills the app, its engine or both in the middle of it. */
  async cut(): Promise<void> {
    const random = this.#random
    const top = this.#stack.at(-1)
    const undone = top !== undefined && random.chance(0.4) ? top : null
    const collection = undone?.collection ?? random.pick(faultCollections)
    const victim = random.pick<Victim>(['app', 'engine', 'both'])
    const count = random.pick([3, 60, 400, 900])
    const isSending = random.chance(0.7)
    const edited = this.#edited ?? (await this.#restart())
    const files = this.#journalFiles()
    edited.order({
      kind: 'change',
      collection: collection.name,
      seed: random.below(2 ** 31),
      count,
      dimension: faultDimension,
      lists: this.#hasLists,
      undo: undone?.id ?? null,
    })
    if (undone === null) await edited.applying()
    if (isSending) while (!edited.hasEnded && this.#journalFiles() <= files) await wait(1)
    await this.#waitForMoment(edited, `${undone ? 'undo' : count} ${isSending}`)
    if (victim !== 'app') edited.killEngine()
    if (victim !== 'engine') edited.kill()

    let told: string | null = null
    let said = ''
    if (victim === 'engine') {
      const ended = await edited.ended()
      said = ended.error?.message ?? ''
      // An app that said how it ended goes on, unless it has no engine any more.
      if (ended.pid === null) {
        await edited.end()
        told = await this.#settled(`cut ${this.report.cuts} (${victim}, ${said})`)
      }
    } else {
      await edited.gone()
      told = await this.#settled(`cut ${this.report.cuts} (${victim})`)
    }
    await this.#compare(collection, undone, `cut ${this.report.cuts} (${victim}${said && `, ${said}`}${told ? `, ${told}` : ''})`, told)
    this.report.cuts += 1
  }

  async #waitForMoment(edited: EditedApp, kind: string): Promise<void> {
    const began = performance.now()
    const killAt = began + this.#random.next() * this.#durations.get(kind)
    while (!edited.hasEnded && performance.now() < killAt) await wait(1)
    this.#durations.learn(kind, edited.hasEnded ? performance.now() - began : null)
  }

  /** Starts the app again after it was killed; it settles what was cut off. */
  async #settled(what: string): Promise<string | null> {
    this.#edited = null
    try {
      return await this.#begun()
    } catch (error) {
      this.report.violations.push(`${what}: not settled: ${String(error)}`)
      throw error
    }
  }

  async #restart(): Promise<EditedApp> {
    await this.#begun()
    if (this.#edited === null) throw new Error('The app could not edit the store.')
    return this.#edited
  }

  async #begun(): Promise<string | null> {
    const edited = this.#next ?? new EditedApp(this.#app, this.#words)
    // The one after it is loaded while this one works.
    this.#next = null
    const told = await edited.start(this.#random.pick(['opening', 'editing']))
    this.#edited = edited
    this.#next = new EditedApp(this.#app, this.#words)
    return told
  }

  async #compare(collection: FaultCollection, undone: Done | null, what: string, told: string | null): Promise<void> {
    const before = this.#states
    this.#states = await statesOf(this.#bench)
    const [latest] = (await this.#bench.changes.history.list(connectionId, null, 0, 1)).changes
    const isNew = latest !== undefined && !this.#seen.has(latest.id)
    const expected: Map<string, ReadonlyMap<string, RecordState>> = new Map(before)
    if (isNew) this.#seen.add(latest.id)
    if (isNew && latest.state === 'done') {
      expected.set(collection.name, await this.#after(latest.id, before.get(collection.name) ?? new Map()))
      if (undone) this.#stack.pop()
      else this.#stack.push({ id: latest.id, collection })
    }
    if (isNew && latest.state === 'cut-off') this.report.violations.push(`${what}: not settled`)
    for (const { name, space } of faultCollections) {
      const off = differences(this.#states.get(name) ?? new Map(), expected.get(name) ?? new Map(), space)
      if (off !== null) this.report.violations.push(`${what}: ${isNew ? latest.state : 'nothing sent'}, ${name}: ${off}`)
    }
    if (isNew && undone && latest.state === 'done') await this.#measure(undone)
    this.#count(isNew ? `${latest.state}${told === null ? '' : `: ${wordsOf(told)}`}` : 'nothing was sent')
    if (told?.includes('was mended')) this.#count('index files mended')
    await this.#forgetOld()
  }

  /** What a change does to records, by what its journal says. */
  async #changesOf(changeId: string): Promise<RecordChange[]> {
    const { journal } = await this.#bench.journals.find(changeId)
    const changes: RecordChange[] = []
    for (const part of (await outlineOf(journal)).parts) {
      if (part.kind !== 'records') continue
      for (const at of part.batches) changes.push(...(await journal.batchAt(at)))
    }
    return changes
  }

  /** The records of a collection as they are after a change. */
  async #after(changeId: string, before: ReadonlyMap<string, RecordState>): Promise<Map<string, RecordState>> {
    const after = new Map(before)
    for (const change of await this.#changesOf(changeId)) {
      if (change.after === null) after.delete(change.id)
      else after.set(change.id, change.after)
    }
    return after
  }

  /** Records that the change did not touch are left out: others were taken back since, and the engine rounded them then. */
  async #measure({ id: changeId, collection }: Done): Promise<void> {
    this.report.undone += 1
    for (const { id, before } of await this.#changesOf(changeId)) {
      const off = differenceOf(this.#states.get(collection.name)?.get(id)?.vector ?? null, before?.vector ?? null)
      this.report.worst[collection.space] = Math.max(this.report.worst[collection.space], off)
    }
  }

  async #forgetOld(): Promise<void> {
    const kept = new Set(this.#stack.splice(0, Math.max(0, this.#stack.length - mostKept)).map(({ id }) => id))
    const { changes } = await this.#bench.changes.history.list(connectionId, null, mostKept * 3, 200)
    const old = changes.filter(({ id, state }) => state !== 'cut-off' && !this.#stack.some((done) => done.id === id))
    await this.#bench.changes.history.forget([...new Set([...kept, ...old.map(({ id }) => id)])])
  }

  #journalFiles(): number {
    try {
      return readdirSync(this.#bench.journals.folderOf(connectionId)).filter((name) => name.endsWith('.journal')).length
    } catch {
      return 0
    }
  }

  #count(name: string): void {
    this.report.outcomes.set(name, (this.report.outcomes.get(name) ?? 0) + 1)
  }
}

function wordsOf(told: string): string {
  return /cut off [^.]*|could not [^.]*/.exec(told)?.[0] ?? told
}

/**
 * Makes changes to a store and kills the app, its engine or both at a random moment of each. After every cut the app is started again and
 * settles what was cut off; then every record has to be as before the change, or as after it, all of them alike. Where they are not, the
 * run ends, and what was found is left on the disk.
 */
export async function runFaults(app: string, { engine, cuts, seed, onCut }: FaultOptions): Promise<FaultReport> {
  const random = seededRandom(seed)
  const [data, directory] = [await temporaryFolder('faults-data'), await temporaryFolder('faults-store')]
  await makeFaultStore(engine, directory, random)
  const bench = await openWorkbench({ data, engines: await engine.create({ dataFolder: data }), place: directory })
  const run = new FaultRun(app, [data, directory, engine.command ?? ''], bench, random, engine.name === 'newest')
  const { report } = run
  try {
    await run.begin()
    while (report.cuts < cuts && report.violations.length === 0) {
      await run.cut()
      onCut?.(report)
    }
  } catch (error) {
    report.violations.push(`cut ${report.cuts}: ${String(error)}`)
  }
  await run.end()
  await bench.close()
  if (report.violations.length === 0) await removeTemporary(data, directory)
  else report.violations.push(`left in ${data} and ${directory}`)
  return report
}
