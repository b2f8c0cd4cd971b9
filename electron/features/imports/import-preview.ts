import type { ImportPreview, ImportRequest } from '../../../shared/contract/imports.ts'
import type { ImportedRecord } from '../../../shared/domain/curation/import-row.ts'
import { partsOf } from '../../curation/plans/record-states.ts'
import { metadataRules } from '../../curation/plans/metadata-rules.ts'
import type { Store } from '../../store/store.ts'
import type { OpenFile } from './import-files.ts'
import { importRecords } from './import-records.ts'

const shownFirst = 5
const bins = 24
const idsAtOnce = 5000

function lengthsOf(lengths: readonly number[]): Pick<ImportPreview, 'lengths' | 'histogram'> {
  const sorted = Float64Array.from(lengths).toSorted()
  if (sorted.length === 0) return { lengths: null, histogram: [] }
  const max = sorted.at(-1) ?? 0
  const histogram = Array.from({ length: bins }, () => 0)
  let total = 0
  for (const length of sorted) {
    total += length
    const bin = max === 0 ? 0 : Math.min(bins - 1, Math.floor((length / max) * bins))
    histogram[bin] = (histogram[bin] ?? 0) + 1
  }
  return { lengths: { min: sorted[0] ?? 0, median: sorted[sorted.length >> 1] ?? 0, max, total }, histogram }
}

function withoutVector({ id, document, metadata, uri }: ImportedRecord): ImportPreview['first'][number] {
  return { id, document, metadata, uri }
}

/** What importing files would make, without what makes the vectors. Errors as the store. */
export async function importPreview(
  store: Store,
  collectionId: string,
  files: readonly OpenFile[],
  { chunks }: Pick<ImportRequest, 'chunks'>,
  signal: AbortSignal,
): Promise<Omit<ImportPreview, 'embedder'>> {
  const [rules, { summary }] = await Promise.all([metadataRules(store), store.detail(collectionId, { signal })])
  const refused = new Map<string, { count: number; example: string }>()
  const ids: string[] = []
  const lengths: number[] = []
  const first: ImportedRecord[] = []
  let last: ImportedRecord | null = null
  let withVector = 0
  const refuse = (reason: string, example: string): void => {
    const known = refused.get(reason)
    if (known) known.count += 1
    else refused.set(reason, { count: 1, example })
  }
  for await (const outcome of importRecords(files, chunks, { ...rules, dimension: summary.dimension }, signal)) {
    if ('reason' in outcome) {
      refuse(outcome.reason, outcome.example)
      continue
    }
    const { record } = outcome
    if (record.vector === null && (record.document ?? '').trim() === '') {
      refuse('It has neither a text nor a vector.', record.id)
      continue
    }
    ids.push(record.id)
    if (record.vector !== null) withVector += 1
    if (record.document !== null) lengths.push(record.document.length)
    if (first.length < shownFirst) first.push(record)
    else last = record
  }
  let existing = 0
  for (const part of partsOf(ids, idsAtOnce)) existing += (await store.records(collectionId, part, { signal })).length
  return {
    records: ids.length,
    withVector,
    existing,
    refused: [...refused].map(([reason, found]) => ({ reason, ...found })).toSorted((a, b) => b.count - a.count),
    ...lengthsOf(lengths),
    first: first.map(withoutVector),
    last: last && withoutVector(last),
  }
}
