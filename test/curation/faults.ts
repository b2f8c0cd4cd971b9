import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { build } from 'vite'
import { z } from 'zod'
import type { RecordState } from '../../electron/curation/change.ts'
import { outlineOf } from '../../electron/curation/journal-outline.ts'
import { sameState } from '../../electron/curation/same-state.ts'
import type { Space } from '../../shared/domain/space.ts'
import type { TestEngine } from '../support/engines.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { defaultDatabase } from '../support/generate-store.ts'
import { type Random, seededRandom } from '../support/random.ts'
import { removeTemporary } from '../support/remove-temporary.ts'
import { differenceOf } from './difference.ts'
import { connectionId, jobContext, openWorkbench, type Workbench } from './workbench.ts'

const dimension = 8
const collections = [
  { name: 'by-angle', space: 'cosine' },
  { name: 'by-distance', space: 'l2' },
] as const satisfies readonly { name: string; space: Space }[]
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

const eventSchema = z.union([
  z.object({ event: z.literal('editing'), pid: z.number().nullable() }),
  z.object({ event: z.literal('applying') }),
  z.object({
    event: z.literal('ended'),
    pid: z.number().nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  }),
])

/** Builds the app that is killed as a program of its own. */
export async function buildFaultApp(root: string, outDir: string): Promise<string> {
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      target: 'node20',
      rollupOptions: {
        input: { 'fault-app': 'test/curation/fault-app.ts' },
        output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' },
      },
    },
  })
  return path.join(outDir, 'fault-app.mjs')
}

async function makeStore(engine: TestEngine, directory: string, random: Random): Promise<void> {
  const engines = await engine.create()
  try {
    const { api } = await engines.start(directory, { create: true, kind: engine.kind })
    for (const { name, space } of collections) {
      const { id } = await api.createCollection(defaultDatabase, { name, space, metadata: null })
      for (let from = 0; from < 1200; from += 400) {
        const ids = Array.from({ length: 400 }, (_, index) => `record-${from + index}`)
        await api.add(
          { ...defaultDatabase, id },
          {
            ids,
            embeddings: ids.map(() => Float32Array.from({ length: dimension }, () => random.normal())),
            documents: ids.map((each) => `The text of ${each}`),
            metadatas: ids.map((_, index) => new Map([['topic', `t${index % 7}`]])),
          },
        )
      }
    }
  } finally {
    await engines.close()
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function kill(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL')
    } catch {
      // It ended by itself, or leads no group.
    }
  }
}

/** The app under test: one process that edits the store until it is cut off. */
class Edited {
  readonly child: ChildProcess
  #events: z.infer<typeof eventSchema>[] = []
  readonly #exited: Promise<void>
  #errors = ''
  #hasExited = false
  enginePid = 0

  constructor(app: string, words: readonly string[]) {
    this.child = spawn(process.execPath, [app, ...words], { stdio: ['pipe', 'pipe', 'pipe'] })
    this.child.stderr?.on('data', (text: Buffer) => (this.#errors += text.toString()))
    this.child.stdin?.on('error', () => undefined)
    if (this.child.stdout) {
      createInterface({ input: this.child.stdout }).on('line', (line) => this.#events.push(eventSchema.parse(JSON.parse(line))))
    }
    this.#exited = new Promise((resolve) =>
      this.child.once('exit', () => {
        this.#hasExited = true
        resolve()
      }),
    )
  }

  async event(name: z.infer<typeof eventSchema>['event'], patience: number): Promise<z.infer<typeof eventSchema> | null> {
    for (const limit = Date.now() + patience; Date.now() < limit; await wait(2)) {
      const found = this.#events.find(({ event }) => event === name)
      if (found) return found
      if (this.#hasExited) return null
    }
    throw new Error(`The app said nothing of ${name}. ${this.#errors}`)
  }

  get errors(): string {
    return this.#errors
  }

  order(value: unknown): void {
    this.#events = []
    this.child.stdin?.write(`${JSON.stringify(value)}\n`)
  }

  async gone(): Promise<void> {
    await this.#exited
    for (const limit = Date.now() + 5000; this.enginePid > 0 && isAlive(this.enginePid); await wait(5)) {
      if (Date.now() > limit) throw new Error('The engine outlived the app.')
    }
  }

  async end(): Promise<void> {
    this.child.stdin?.end()
    await this.#exited
  }
}

async function startApp(app: string, words: readonly string[]): Promise<Edited> {
  const edited = new Edited(app, words)
  const editing = await edited.event('editing', 60_000)
  if (editing?.event !== 'editing') throw new Error(`The app could not edit the store. ${edited.errors}`)
  edited.enginePid = editing.pid ?? 0
  return edited
}

async function statesOf(bench: Workbench): Promise<States> {
  const states: States = new Map()
  for (const { name } of collections) states.set(name, await bench.all(name))
  return states
}

function firstDifference(found: ReadonlyMap<string, RecordState>, expected: ReadonlyMap<string, RecordState>, space: Space): string | null {
  for (const id of new Set([...found.keys(), ...expected.keys()])) {
    if (!sameState(found.get(id) ?? null, expected.get(id) ?? null, space)) return id
  }
  return null
}

/**
 * Makes changes to a store and kills the app, its engine or both at a random moment of each. After every cut the store is opened again,
 * what was cut off is settled, and every record has to be as before the change, or as after it, all of them alike.
 */
export async function runFaults(app: string, { engine, cuts, seed, onCut }: FaultOptions): Promise<FaultReport> {
  const random = seededRandom(seed)
  const [data, directory] = [await temporaryFolder('faults-data'), await temporaryFolder('faults-store')]
  const report: FaultReport = { cuts: 0, outcomes: new Map(), violations: [], worst: { cosine: 0, l2: 0 }, undone: 0 }
  const count = (name: string): void => void report.outcomes.set(name, (report.outcomes.get(name) ?? 0) + 1)
  await makeStore(engine, directory, random)
  const probe = await engine.create()
  const command = engine.kind === 'configured' ? ((await probe.candidates())[0]?.label ?? '') : ''
  await probe.close()

  const opened = async (): Promise<Workbench> =>
    openWorkbench({ data, engines: await engine.create({ dataFolder: data }), place: directory })
  let bench = await opened()
  let states = await statesOf(bench)
  await bench.close()
  /** Changes that are done and not undone, with what was there before them. */
  const stack: { id: string; collection: (typeof collections)[number]; before: Map<string, RecordState> }[] = []
  let duration = 400
  let edited: Edited | null = null

  for (let cut = 0; cut < cuts; cut += 1) {
    const top = stack.at(-1)
    const undone = top !== undefined && random.chance(0.4) ? top : null
    const collection = undone?.collection ?? random.pick(collections)
    const victim = random.pick<Victim>(['app', 'engine', 'both'])
    edited ??= await startApp(app, [data, directory, command])
    const size = random.pick([3, 60, 400, 900])
    edited.order({
      collection: collection.name,
      seed: random.below(2 ** 31),
      count: size,
      dimension,
      lists: engine.name === 'newest',
      undo: undone?.id ?? null,
    })
    if (undone === null) await edited.event('applying', 60_000)
    const began = Date.now()
    const killAt = random.next() * duration
    const early = await Promise.race([edited.event('ended', 120_000), wait(killAt, 'now' as const)])
    if (early !== 'now') duration = 0.5 * duration + 0.5 * (Date.now() - began)
    if (victim !== 'app') kill(edited.enginePid)
    if (victim !== 'engine') edited.child.kill('SIGKILL')
    let said = ''
    if (victim === 'engine') {
      const ended = await edited.event('ended', 180_000)
      if (ended?.event !== 'ended') throw new Error(`The app ended with its engine. ${edited.errors}`)
      said = ended.error?.message ?? ''
      edited.enginePid = ended.pid ?? 0
      // An app that said how it ended goes on, unless it has no engine any more.
      if (ended.pid === null) {
        await edited.end()
        edited = null
      }
    } else {
      await edited.gone()
      edited = null
    }

    bench = await opened()
    const before = states
    let told: string | null = null
    try {
      if (edited === null) told = await bench.changes.settle(connectionId, jobContext())
    } catch (error) {
      report.violations.push(`cut ${cut} (${victim}): not settled: ${String(error)}`)
    }
    states = await statesOf(bench)
    const latest = await bench.latest().catch(() => null)
    const isNew = latest !== null && latest.at >= began - 2000 && latest.id !== top?.id && !stack.some(({ id }) => id === latest.id)
    const expected = new Map(before)
    if (isNew && latest.state === 'done') {
      const after = new Map(before.get(collection.name))
      const journal = (await bench.journals.find(latest.id)).journal
      for (const part of (await outlineOf(journal)).parts) {
        if (part.kind !== 'records') continue
        for (const at of part.batches) {
          for (const change of await journal.batchAt(at)) {
            if (change.after === null) after.delete(change.id)
            else after.set(change.id, change.after)
          }
        }
      }
      expected.set(collection.name, after)
      if (undone) stack.pop()
      else stack.push({ id: latest.id, collection, before: before.get(collection.name) ?? new Map() })
    }
    for (const { name, space } of collections) {
      const off = firstDifference(states.get(name) ?? new Map(), expected.get(name) ?? new Map(), space)
      if (off !== null)
        report.violations.push(`cut ${cut} (${victim}, ${latest?.state}): ${name} ${JSON.stringify(off)} is neither; ${told ?? ''} ${said}`)
    }
    if (isNew && undone && latest.state === 'done') {
      report.undone += 1
      for (const [id, { vector }] of undone.before) {
        const off = differenceOf(states.get(collection.name)?.get(id)?.vector ?? null, vector)
        report.worst[collection.space] = Math.max(report.worst[collection.space], off)
      }
    }
    count(!isNew ? 'nothing was sent' : `${latest.state}${told === null ? '' : `: ${wordsOf(told)}`}`)
    if (told?.includes('made anew')) count('index_metadata.pickle made anew')
    await bench.close()
    report.cuts += 1
    onCut?.(report)
  }
  await edited?.end()
  await removeTemporary(data, directory)
  return report
}

function wordsOf(told: string): string {
  return /cut off [^.]*|could not [^.]*/.exec(told)?.[0] ?? told
}
