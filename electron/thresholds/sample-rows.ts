import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { lookupOutcomeSchema, truthSchema } from '../sample/truth.ts'
import { rowNames, type SourceRow } from './source-row.ts'

const lineSchema = z.object({
  id: z.string(),
  time: z.string(),
  namespace: z.string(),
  query: z.string(),
  outcome: lookupOutcomeSchema,
  matched_id: z.string().nullable(),
  nearest_id: z.string().nullable(),
  similarity: z.number().nullable(),
})

/** The lookups of the sample with what was planted: an answer is right where the entry was alive and right at that moment. */
export async function sampleRows(files: { lookups: string; truth: string }): Promise<{ rows: SourceRow[]; present: number }> {
  const [lines, truth] = await Promise.all([readFile(files.lookups, 'utf8'), readFile(files.truth, 'utf8')])
  const { lookups, threshold } = truthSchema.parse(JSON.parse(truth))
  const correctOf = new Map(lookups.map(({ id, correct }) => [id, correct]))
  const rows = lines
    .trimEnd()
    .split('\n')
    .map((text, at): SourceRow => {
      const { id, time, namespace, query, outcome, matched_id, nearest_id, similarity } = lineSchema.parse(JSON.parse(text))
      const entryId = matched_id ?? nearest_id
      const correct = correctOf.get(id) ?? []
      const isRight = entryId !== null && correct.includes(entryId)
      return {
        ...rowNames(at + 1, query, entryId),
        line: at + 1,
        query,
        entryId,
        matchedText: null,
        expected: null,
        expectedId: isRight ? entryId : (correct[0] ?? null),
        similarity,
        namespace,
        time: Date.parse(time),
        callCost: null,
        exact: outcome === 'hit_exact',
        label: entryId === null ? 'unknown' : isRight ? 'right' : 'wrong',
        labelSource: 'log',
      }
    })
  return { rows, present: threshold }
}
