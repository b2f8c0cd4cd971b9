import { stat } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { toWireError } from '../../shared/rpc/errors.ts'
import { takePrivateCopy } from '../store/directory/private-copy.ts'
import { Sqlite, textOf, wholeNumber } from '../store/directory/sqlite.ts'
import { storeCareDataSchema, type StoreCareReply, type StoreFacts } from './store-care-protocol.ts'

const port = parentPort
if (!port) throw new Error('A database is looked at in a worker.')
const send = (reply: StoreCareReply): void => port.postMessage(reply)

async function look(directory: string, scratch: string): Promise<StoreFacts> {
  const copy = await takePrivateCopy(directory, scratch)
  try {
    const { size } = await stat(copy.file)
    const database = new Sqlite(copy.file, { readOnly: !copy.isCopy, bytes: size })
    try {
      const number = (sql: string): number => wholeNumber(database.first(sql)?.['n']) ?? 0
      const hasConfiguration = number("SELECT count(*) AS n FROM sqlite_master WHERE name = 'embeddings_queue_config'") > 0
      const configuration = hasConfiguration
        ? textOf(database.first('SELECT CAST(config_json_str AS BLOB) config FROM embeddings_queue_config')?.['config'])
        : null
      return {
        segments: database.rows('SELECT CAST(id AS BLOB) id FROM segments').flatMap((row) => textOf(row['id']) ?? []),
        collections: number('SELECT count(*) AS n FROM collections'),
        queued: number('SELECT count(*) AS n FROM embeddings_queue'),
        purges: configuration?.includes('"automatically_purge":true') ?? false,
        bytes: size,
        freeBytes: number('SELECT freelist_count * page_size AS n FROM pragma_freelist_count, pragma_page_size'),
      }
    } finally {
      database.close()
    }
  } finally {
    await copy.remove()
  }
}

try {
  const { directory, scratch } = storeCareDataSchema.parse(workerData)
  send({ type: 'done', facts: await look(directory, scratch) })
} catch (error) {
  send({ type: 'failed', error: toWireError(error) })
}
