import type { Where, WhereDocument } from '../../shared/domain/where.ts'

type WhereOperator = Extract<Where, { operator: string }>['operator']
type DocumentOperator = Extract<WhereDocument, { operator: string }>['operator']

/** Operators as they are read aloud in a sentence: key, operator, value. */
export const operatorWords: Readonly<Record<WhereOperator, string>> = {
  $eq: 'is',
  $ne: 'is not',
  $gt: 'is greater than',
  $gte: 'is at least',
  $lt: 'is less than',
  $lte: 'is at most',
  $in: 'is any of',
  $nin: 'is none of',
  $contains: 'contains',
  $not_contains: 'does not contain',
}

/** The same as signs, for chips. */
export const operatorSigns: Readonly<Record<WhereOperator, string>> = {
  $eq: '=',
  $ne: '≠',
  $gt: '>',
  $gte: '≥',
  $lt: '<',
  $lte: '≤',
  $in: 'in',
  $nin: 'not in',
  $contains: 'contains',
  $not_contains: 'lacks',
}

export const documentOperatorWords: Readonly<Record<DocumentOperator, string>> = {
  $contains: 'contains',
  $not_contains: 'does not contain',
  $regex: 'matches pattern',
  $not_regex: 'does not match pattern',
}
