import type { MetadataType } from './metadata.ts'

export interface OperatorCompletion {
  readonly operator: string
  /** What it asks, in a few words. */
  readonly detail: string
  /** Text to insert after the operator's colon. */
  readonly template: string
}

const compare = (operator: string, detail: string, template: string): OperatorCompletion => ({ operator, detail, template })

const equality = (template: string, list: string): OperatorCompletion[] => [
  compare('$eq', 'is', template),
  compare('$ne', 'is not, or is missing', template),
  compare('$in', 'is any of', list),
  compare('$nin', 'is none of, or is missing', list),
]

const ranges = (template: string): OperatorCompletion[] => [
  compare('$gt', 'is greater than', template),
  compare('$gte', 'is at least', template),
  compare('$lt', 'is less than', template),
  compare('$lte', 'is at most', template),
]

const membership = (template: string): OperatorCompletion[] => [
  compare('$contains', 'the list holds', template),
  compare('$not_contains', 'the list does not hold, or is missing', template),
]

/** Operators that make sense for a metadata key, by the type of its values; for the editor's completion and the filter builder. */
export const whereCompletions: Readonly<Record<MetadataType, readonly OperatorCompletion[]>> = {
  string: equality('""', '[""]'),
  integer: [...equality('0', '[0]'), ...ranges('0')],
  float: [...equality('0.0', '[0.0]'), ...ranges('0.0')],
  boolean: equality('true', '[true]'),
  'string[]': membership('""'),
  'integer[]': membership('0'),
  'float[]': membership('0.0'),
  'boolean[]': membership('true'),
  'empty[]': membership('""'),
}

export const whereDocumentCompletions: readonly OperatorCompletion[] = [
  compare('$contains', 'the document holds this text', '""'),
  compare('$not_contains', 'the document lacks this text, or there is none', '""'),
  compare('$regex', 'the document matches this pattern', '""'),
  compare('$not_regex', 'the document does not match, or there is none', '""'),
]

export const combineCompletions: readonly OperatorCompletion[] = [
  compare('$and', 'all of these hold', '[]'),
  compare('$or', 'any of these holds', '[]'),
]

/** What to do instead of an operator that other databases have and Chroma has not. */
export const operatorAdvice: ReadonlyMap<string, string> = new Map([
  ['$not', 'Use the opposite operator: $ne, $nin, $lt for $gte, or $not_contains.'],
  ['$nor', 'Use $and with $ne and $nin.'],
  ['$exists', 'Chroma cannot ask whether a key exists; records without it match $ne and $nin.'],
  ['$null', 'Chroma has no null; records without the key match $ne and $nin.'],
  ['$like', 'Text in a document is found with $contains or $regex in the document filter.'],
  ['$ilike', 'Text in a document is found with $regex and (?i) in the document filter.'],
  ['$regex', 'Patterns work on documents only: write it in the document filter.'],
  ['$not_regex', 'Patterns work on documents only: write it in the document filter.'],
  ['$between', 'Use $gte and $lte wrapped in $and.'],
  ['$all', 'Wrap one $contains per value in $and.'],
  ['$neq', 'Chroma writes it $ne.'],
])
