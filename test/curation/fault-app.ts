import { createInterface } from 'node:readline'
import { z } from 'zod'
import { createEngines } from '../../electron/store/engine/engines.ts'
import { toWireError } from '../../shared/rpc/errors.ts'
import { seededRandom } from '../support/random.ts'
import { randomChanges } from './random-changes.ts'
import { connectionId, jobContext, openWorkbench, recordsPlan, type Workbench } from './workbench.ts'

/**
 * Stands in for the app where it is killed. It does nothing before it is told to start; then it settles what was cut off, edits the
 * store, and makes the changes that it is told to, one for each line it reads.
 */
const [data = '', directory = '', command = ''] = process.argv.slice(2)
const orderSchema = z.discriminatedUnion('kind', [
  /** What was cut off is settled when the store is opened, or when editing begins. */
  z.object({ kind: z.literal('start'), settle: z.enum(['opening', 'editing']) }),
  z.object({
    kind: z.literal('change'),
    collection: z.string(),
    seed: z.number(),
    count: z.number(),
    dimension: z.number(),
    lists: z.boolean(),
    /** The change to take back instead of making a new one. */
    undo: z.string().nullable(),
  }),
])
type Order = z.infer<typeof orderSchema>
const opened: { bench: Workbench | null } = { bench: null }

function say(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

async function start(settle: 'opening' | 'editing'): Promise<void> {
  const engines = createEngines({ dataFolder: data, environment: {}, command: command === '' ? null : command })
  const bench = await openWorkbench({ data, engines, place: directory })
  opened.bench = bench
  let told: string | null = null
  if (settle === 'opening') told = await bench.changes.settle(connectionId, jobContext())
  else if ((await bench.changes.unsettled(connectionId)) > 0) await bench.sessions.mend(connectionId)
  await bench.edit()
  if (settle === 'editing') told = await bench.changes.settle(connectionId, jobContext())
  say({ event: 'editing', told, pid: bench.sessions.enginePid(connectionId) })
}

async function change({ collection, seed, count, dimension, lists, undo }: Extract<Order, { kind: 'change' }>): Promise<void> {
  const { bench } = opened
  if (bench === null) throw new Error('The app was not started.')
  if (undo !== null) return void (await bench.undo(undo))
  const changes = randomChanges(seededRandom(seed), await bench.all(collection), { lists, dimension, count })
  say({ event: 'applying' })
  await bench.apply(recordsPlan(await bench.collection(collection), changes))
}

say({ event: 'ready' })
for await (const line of createInterface({ input: process.stdin })) {
  const order = orderSchema.parse(JSON.parse(line))
  let error: unknown = null
  try {
    if (order.kind === 'start') await start(order.settle)
    else await change(order)
  } catch (reason) {
    error = reason
  }
  if (order.kind === 'change' || error !== null) {
    say({ event: 'ended', error: error && toWireError(error), pid: opened.bench?.sessions.enginePid(connectionId) ?? null })
  }
}
await opened.bench?.close()
