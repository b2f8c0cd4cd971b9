import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { Findings } from './findings.ts'
import { counted } from './findings.ts'
import { headerProblem, type SlotLayout, slotLayout } from './format/header.ts'
import { visitSlots } from './format/level-zero.ts'
import { openIndexFile, readHeader, readIndexMetadata, readLengths } from './index-files.ts'
import { segmentFolders } from './recognise.ts'
import { bindText, Sqlite } from './sqlite.ts'

const tables = `
  CREATE TABLE tenants (id TEXT PRIMARY KEY);
  CREATE TABLE databases (id TEXT PRIMARY KEY, name TEXT, tenant_id TEXT);
  CREATE TABLE collections (id TEXT PRIMARY KEY, name TEXT, dimension INTEGER, database_id TEXT, config_json_str TEXT, schema_str TEXT);
  CREATE TABLE segments (id TEXT PRIMARY KEY, type TEXT, scope TEXT, collection TEXT);
  CREATE TABLE embeddings (id INTEGER PRIMARY KEY, segment_id TEXT, embedding_id TEXT, seq_id INTEGER, created_at TEXT, UNIQUE (segment_id, embedding_id));
  CREATE TABLE embedding_metadata (id INTEGER, key TEXT, string_value TEXT, int_value INTEGER, float_value REAL, bool_value INTEGER, PRIMARY KEY (id, key));
  CREATE TABLE max_seq_id (segment_id TEXT PRIMARY KEY, seq_id INTEGER);`

interface Slots {
  readonly labels: number[]
  /** Whether every vector looked at has length one, as cosine collections store them. */
  readonly areUnit: boolean
}

async function readSlots(folder: string, layout: SlotLayout): Promise<Slots> {
  const labels = new Set<number>()
  let areUnit = true
  const data = await openIndexFile(folder, 'data_level0.bin')
  if (!data) return { labels: [], areUnit: false }
  try {
    await visitSlots(data, layout, (label, deleted, floats, at) => {
      if (deleted || label <= 0 || !Number.isSafeInteger(label)) return
      labels.add(label)
      let squares = 0
      for (let index = at; index < at + layout.dimension; index += 1) squares += (floats[index] ?? 0) ** 2
      if (Math.abs(squares - 1) > 1e-3) areUnit = false
    })
  } finally {
    await data.close()
  }
  return { labels: [...labels].sort((a, b) => a - b), areUnit: areUnit && labels.size > 0 }
}

/** What one segment folder still tells without the database. */
async function recoverFolder(folder: string): Promise<{ ids: string[]; dimension: number; space: string; hasNames: boolean } | string> {
  const header = await readHeader(folder)
  const problem = headerProblem(header)
  if (!header || problem) return `header.bin cannot be believed${problem ? `: ${problem}` : ''}`
  const size = await stat(path.join(folder, 'data_level0.bin')).then(
    (info) => info.size,
    () => 0,
  )
  const layout = slotLayout(header, size, null, 16)
  if (!layout || layout.count === 0)
    return size === 0 ? 'data_level0.bin is missing or empty' : 'the index holds no element; its vectors were only in the database'
  const { labels, areUnit } = await readSlots(folder, layout)
  const metadata = await readIndexMetadata(folder)
  const lengths = await readLengths(folder)
  const norms = lengths.subarray(0, layout.count)
  const isCosine = areUnit && norms.length > 0 && norms.every((norm) => Number.isFinite(norm) && norm > 0)
  const named = [...(metadata?.idToLabel ?? [])].toSorted((a, b) => a[1] - b[1]).map(([id]) => id)
  const ids = named.length > 0 ? named : labels.map((label) => `element-${label}`)
  return { ids, dimension: layout.dimension, space: isCosine ? 'cosine' : 'l2', hasNames: named.length > 0 }
}

/**
 * Makes a database in scratch that stands in for one that is lost, from what the segment folders of the store tell: ids from the
 * pickle, vectors from the index. Documents, metadata and names of collections were only in the database.
 * @returns its path, null where the folders tell nothing
 */
export async function salvage(directory: string, scratch: string, findings: Findings): Promise<string | null> {
  const folders = await segmentFolders(directory)
  const file = path.join(scratch, 'salvaged.sqlite3')
  const database = new Sqlite(file, { readOnly: false, bytes: 2 ** 31, create: true })
  let recovered = 0
  try {
    for (const statement of tables.split(';').filter((text) => text.trim() !== '')) database.run(statement)
    database.run("INSERT INTO tenants VALUES ('default_tenant')")
    database.run("INSERT INTO databases VALUES ('00000000-0000-0000-0000-000000000000', 'recovered', 'default_tenant')")
    for (const segment of folders) {
      const found = await recoverFolder(path.join(directory, segment))
      if (typeof found === 'string') {
        findings.add('warning', 'folder-unrecoverable', `Nothing could be recovered from the folder ${segment}: ${found}.`)
        continue
      }
      recovered += 1
      const { ids, dimension, space, hasNames } = found
      database.run("INSERT INTO collections VALUES (?, ?, ?, '00000000-0000-0000-0000-000000000000', ?, NULL)", [
        segment,
        `recovered-${segment.slice(0, 8)}`,
        dimension,
        JSON.stringify({ recovered_space: space }),
      ])
      database.run("INSERT INTO segments VALUES (?, 'urn:chroma:segment/vector/hnsw-local-persisted', 'VECTOR', ?)", [segment, segment])
      database.run("INSERT INTO segments VALUES (?, 'urn:chroma:segment/metadata/sqlite', 'METADATA', ?)", [`${segment}-records`, segment])
      database.run('INSERT INTO max_seq_id VALUES (?, 1)', [segment])
      database.run('BEGIN')
      for (const id of ids)
        database.run('INSERT OR IGNORE INTO embeddings (segment_id, embedding_id, seq_id) VALUES (?, CAST(? AS TEXT), 1)', [
          `${segment}-records`,
          bindText(id),
        ])
      database.run('COMMIT')
      const what = hasNames ? 'ids and vectors' : 'vectors, under made-up ids because index_metadata.pickle is missing'
      findings.add(
        'warning',
        'folder-recovered',
        `${counted(ids.length, 'record')} of the folder ${segment}: ${what}. Its documents, metadata and name were only in the database.`,
        'Export them before anything else is tried.',
        segment,
      )
    }
  } finally {
    database.close()
  }
  return recovered > 0 ? file : null
}
