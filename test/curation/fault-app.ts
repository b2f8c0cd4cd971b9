import { createInterface } from 'node:readline'
import { z } from 'zod'
import { createEngines } from '../../electron/store/engine/engines.ts'
import { toWireError } from '../../shared/rpc/errors.ts'
import { seededRandom } from '../support/random.ts'
import { randomChanges } from './random-changes.ts'
import { connectionId, openWorkbench, recordsPlan } from './workbench.ts'

/** Stands in for the app where it is killed: edits a store and makes the changes that it is told to, one for each line it reads. */
const [data = '', directory = '', command = ''] = process.argv.slice(2)
const orderSchema = z.object({
  collection: z.string(),
  seed: z.number(),
  count: z.number(),
  dimension: z.number(),
  lists: z.boolean(),
  /** The change to take back instead of making a new one. */
  undo: z.string().nullable(),
})

function say(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

const engines = createEngines({ dataFolder: data, environment: {}, command: command === '' ? null : command })
const bench = await openWorkbench({ data, engines, place: directory })
await bench.edit()
say({ event: 'editing', pid: bench.sessions.enginePid(connectionId) })

for await (const line of createInterface({ input: process.stdin })) {
  const { collection, seed, count, dimension, lists, undo } = orderSchema.parse(JSON.parse(line))
  try {
    if (undo !== null) await bench.undo(undo)
    else {
      const changes = randomChanges(seededRandom(seed), await bench.all(collection), { lists, dimension, count })
      say({ event: 'applying' })
      await bench.apply(recordsPlan(await bench.collection(collection), changes))
    }
    say({ event: 'ended', error: null, pid: bench.sessions.enginePid(connectionId) })
  } catch (error) {
    say({ event: 'ended', error: toWireError(error), pid: bench.sessions.enginePid(connectionId) })
  }
}
await bench.close()
