import type { ImportRequest } from '../../../shared/contract/imports.ts'
import { keptMetadata } from '../../../shared/domain/curation/edit-record.ts'
import type { ImportedRecord } from '../../../shared/domain/curation/import-row.ts'
import type { ChangePart, ChangePlan, RecordChange } from '../../curation/change.ts'
import { collectionState } from '../../curation/plans/collection-state.ts'
import type { EditContext } from '../../curation/plans/edit-plan.ts'
import { metadataRules } from '../../curation/plans/metadata-rules.ts'
import { recordsAtOnce, recordStates } from '../../curation/plans/record-states.ts'
import { vectorProblem } from '../../curation/plans/vector-problem.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { OpenFile } from './import-files.ts'
import { importRecords } from './import-records.ts'

async function changesOf(
  { store, ref, embedder, signal, progress }: EditContext,
  records: readonly ImportedRecord[],
  overwrite: boolean,
  done: number,
): Promise<RecordChange[]> {
  const names = records.map(({ id }) => id)
  const existing = new Map((await recordStates(store, ref.collectionId, names, signal)).map((state) => [state.id, state]))
  const wanted = records.filter(({ id }) => overwrite || !existing.has(id))
  const textless = wanted.filter(({ vector }) => vector === null)
  const maker = textless.length === 0 ? null : await embedder()
  const textOf = (record: ImportedRecord): string => maker?.textOf(record) ?? record.document ?? ''
  const texts = textless.map(textOf).filter((text) => text.trim() !== '')
  const vectors = await maker?.vectorsOf(texts, true, signal, (embedded) => progress('Embedding', done + embedded, null))
  return wanted.flatMap((record) => {
    const { id, document, uri, metadata } = record
    const vector = record.vector ?? vectors?.get(textOf(record)) ?? null
    if (vector === null) return []
    return [{ id, before: existing.get(id) ?? null, after: { id, document, uri, metadata: keptMetadata(metadata), vector } }]
  })
}

/**
 * The change that an import means: texts are cut, embedded and added a part at a time. What cannot be added is left out, as the preview
 * says.
 * @throws AppError as the store and the embedder do, 'invalid-input' where the embedder makes vectors of another dimension than the files
 */
export async function importPlan(
  context: EditContext,
  files: readonly OpenFile[],
  { chunks, existing }: Pick<ImportRequest, 'chunks' | 'existing'>,
): Promise<ChangePlan> {
  const { store, ref, signal, progress } = context
  const [rules, collection] = await Promise.all([metadataRules(store), collectionState(store, ref.collectionId, signal)])

  async function* parts(): AsyncGenerator<ChangePart> {
    let { dimension } = collection
    let done = 0
    let held: ImportedRecord[] = []
    const flush = async (): Promise<ChangePart | null> => {
      progress('Reading files', done, null)
      const changes = await changesOf(context, held, existing === 'overwrite', done)
      for (const { after } of changes) {
        const problem = after?.vector ? vectorProblem(after.vector, dimension) : null
        if (problem !== null) throw new AppError('invalid-input', problem, 'Choose another embedder for this collection.')
        dimension ??= after?.vector?.length ?? null
      }
      done += held.length
      held = []
      return changes.length === 0 ? null : { kind: 'records', collection, changes }
    }
    for await (const outcome of importRecords(files, chunks, { ...rules, dimension }, signal)) {
      if ('record' in outcome) held.push(outcome.record)
      if (held.length < recordsAtOnce(dimension)) continue
      const part = await flush()
      if (part) yield part
    }
    const last = held.length === 0 ? null : await flush()
    if (last) yield last
  }

  return {
    kind: 'add',
    title: files.length === 1 ? `Import ${files[0]?.name ?? ''}` : `Import ${files.length} files`,
    rule: files.length === 1 ? null : files.map(({ name }) => name).join(', '),
    collectionId: ref.collectionId,
    collectionName: collection.name,
    parts: parts(),
  }
}
