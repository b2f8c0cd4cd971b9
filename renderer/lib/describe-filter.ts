import { cutText } from '../../shared/domain/cut-text.ts'
import { topClauses } from '../../shared/domain/where-edit.ts'
import { isUnfiltered, type Filter } from '../../shared/domain/where.ts'
import { describePeriod, describeWhere, describeWhereDocument, type ClauseWords } from './describe-clause.ts'

/** Longest filter that is told in words, in characters. */
const longest = 300

function sentence({ key, sign, value }: ClauseWords): string {
  return [key, sign, value].filter((part) => part !== '').join(' ')
}

/** A whole filter in words: "topic = “refund” and hits ≥ 3". Null where it leaves every record. */
export function describeFilter(filter: Filter): string | null {
  if (isUnfiltered(filter)) return null
  const parts = [
    ...topClauses(filter.where).map((clause) => sentence(describeWhere(clause))),
    ...(filter.whereDocument === null ? [] : [sentence(describeWhereDocument(filter.whereDocument))]),
    ...filter.periods.map((period) => sentence(describePeriod(period))),
    ...(filter.set === null ? [] : ['in a saved set']),
    ...(filter.find === '' ? [] : [`ID or document contains “${filter.find}”`]),
  ]
  const text = parts.join(' and ')
  return text.length > longest ? `${cutText(text, longest)}…` : text
}
