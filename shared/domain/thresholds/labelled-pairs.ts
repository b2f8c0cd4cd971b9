import { z } from 'zod'

/** What a column of a file of labelled pairs can hold. */
export const pairFields = ['query', 'matchedQuery', 'entryId', 'expectedResponse', 'label', 'similarity', 'namespace'] as const
export const pairFieldSchema = z.enum(pairFields)
export type PairField = z.infer<typeof pairFieldSchema>

export const pairColumnsSchema = z.partialRecord(pairFieldSchema, z.string())
export type PairColumns = z.infer<typeof pairColumnsSchema>

/** One labelled pair. */
export interface LabelledPair {
  /** Line or row of the file, from 1. */
  readonly line: number
  readonly query: string
  readonly matchedQuery: string | null
  readonly entryId: string | null
  readonly expectedResponse: string | null
  readonly label: 'right' | 'wrong' | null
  /** The file says that no entry answers the query. */
  readonly matchesNothing: boolean
  readonly similarity: number | null
  readonly namespace: string | null
}

export interface LabelledPairs {
  readonly pairs: readonly LabelledPair[]
  readonly malformed: readonly { readonly line: number; readonly reason: string }[]
}

/** Names of columns, without regard to capitals and signs; of one field the first that is there. */
const names: Readonly<Record<PairField, readonly string[]>> = {
  query: ['query', 'question', 'prompt', 'texta', 'question1', 'sentence1', 'text1', 'input', 'q'],
  matchedQuery: [
    'matchedquery',
    'querymatch',
    'matchedprompt',
    'match',
    'cachedquery',
    'cachedprompt',
    'textb',
    'question2',
    'sentence2',
    'text2',
    'matchedquestion',
  ],
  entryId: ['entryid', 'matchedid', 'cacheid', 'cacheentryid', 'nearestid', 'recordid', 'matchid', 'id'],
  expectedResponse: ['expectedresponse', 'expectedanswer', 'expected', 'reference', 'response', 'answer', 'groundtruth'],
  label: ['label', 'iscorrect', 'correct', 'isright', 'right', 'isduplicate', 'ismatch', 'same', 'verdict', 'truth', 'y', 'target'],
  similarity: ['similarity', 'cosinesimilarity', 'cosine', 'score'],
  namespace: ['namespace', 'category', 'partition', 'tenant'],
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}

/** Which column holds which field, by the columns' names; a column holds one field at most. */
export function guessPairColumns(columns: readonly string[]): PairColumns {
  const guessed: PairColumns = {}
  const taken = new Set<string>()
  for (const field of pairFields) {
    const found = names[field].flatMap((name) => columns.find((column) => plainName(column) === name && !taken.has(column)) ?? [])[0]
    if (found !== undefined) {
      guessed[field] = found
      taken.add(found)
    }
  }
  return guessed
}

const rightWords = new Set('1 1.0 true t yes y right correct match matched same positive duplicate hit ok good'.split(' '))
const wrongWords = new Set('0 0.0 -1 false f no n wrong incorrect nomatch different negative notduplicate miss bad'.split(' '))

/** The label that a value stands for: 1, true, yes, right, correct and the like against 0, false, ...; null for none, undefined for an unknown word. */
export function readLabel(value: unknown): 'right' | 'wrong' | null | undefined {
  if (value === null || value === undefined) return null
  const word = String(value)
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+(?=\p{L})/gu, '')
  if (word === '') return null
  if (rightWords.has(word)) return 'right'
  return wrongWords.has(word) ? 'wrong' : undefined
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value.trim() === '' ? null : value
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : null
}

/** The rows of JSON lines: one object each, or arrays of objects. Lines that are neither are named. */
export function jsonLineRows(text: string): {
  rows: { line: number; row: Record<string, unknown> }[]
  malformed: LabelledPairs['malformed']
} {
  const rows: { line: number; row: Record<string, unknown> }[] = []
  const malformed: { line: number; reason: string }[] = []
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    try {
      const value: unknown = JSON.parse(line)
      const objects = z.union([z.array(z.record(z.string(), z.unknown())), z.record(z.string(), z.unknown())]).safeParse(value)
      if (!objects.success) malformed.push({ line: at + 1, reason: 'It is not a JSON object.' })
      else for (const row of [objects.data].flat()) rows.push({ line: at + 1, row })
    } catch {
      malformed.push({ line: at + 1, reason: 'It is not JSON.' })
    }
  }
  return { rows, malformed }
}

/**
 * Reads rows of a file, split already, as labelled pairs. A row needs a query, and a label or something to find out about one: a
 * matched query, an entry or an expected response. An empty matched query, in a file that has such a column, means that nothing matches.
 */
export function readLabelledPairs(
  rows: readonly { readonly line: number; readonly row: Readonly<Record<string, unknown>> }[],
  columns: PairColumns,
): LabelledPairs {
  const pairs: LabelledPair[] = []
  const malformed: { line: number; reason: string }[] = []
  for (const { line, row } of rows) {
    const value = (field: PairField): unknown => (columns[field] === undefined ? undefined : row[columns[field]])
    const query = textOf(value('query'))
    const label = readLabel(value('label'))
    const [matchedQuery, entryId, expectedResponse] = [
      textOf(value('matchedQuery')),
      textOf(value('entryId')),
      textOf(value('expectedResponse')),
    ]
    const saysNone = value('matchedQuery') === '' && entryId === null && expectedResponse === null
    const number = textOf(value('similarity'))
    const similarity = number === null ? null : Number(number)
    if (query === null) malformed.push({ line, reason: 'It has no query.' })
    else if (label === undefined) malformed.push({ line, reason: `The label ${JSON.stringify(textOf(value('label')))} is not known.` })
    else if (similarity !== null && !(similarity >= -1.001 && similarity <= 1.001))
      malformed.push({ line, reason: 'The similarity is not between -1 and 1.' })
    else if (label === null && matchedQuery === null && entryId === null && expectedResponse === null && !saysNone)
      malformed.push({ line, reason: 'It has no label, and nothing that tells one.' })
    else
      pairs.push({
        line,
        query,
        matchedQuery,
        entryId,
        expectedResponse,
        label,
        matchesNothing: saysNone,
        similarity,
        namespace: textOf(value('namespace')),
      })
  }
  return { pairs, malformed }
}
