import { formatScalar, type MetadataScalar } from '../../shared/domain/metadata.ts'
import type { Period } from '../../shared/domain/period.ts'
import type { Where, WhereDocument } from '../../shared/domain/where.ts'
import { formatTime } from './format.ts'
import { documentOperatorWords, operatorSigns } from './operator-words.ts'

/** A clause in a few words, cut into what is a key, a sign and a value. */
export interface ClauseWords {
  readonly key: string
  readonly sign: string
  readonly value: string
}

const longestList = 3

function valueWords(value: MetadataScalar): string {
  return typeof value === 'string' ? `“${value}”` : formatScalar(value)
}

export function describeWhere(where: Where): ClauseWords {
  switch (where.kind) {
    case 'compare':
    case 'contains':
      return { key: where.key, sign: operatorSigns[where.operator], value: valueWords(where.value) }
    case 'in': {
      const shown = where.values.slice(0, longestList).map(valueWords).join(', ')
      const more = where.values.length - longestList
      return { key: where.key, sign: operatorSigns[where.operator], value: more > 0 ? `${shown} and ${more} more` : shown }
    }
    case 'and':
    case 'or': {
      const word = where.kind === 'and' ? ' and ' : ' or '
      const parts = where.clauses.slice(0, longestList).map((clause) => {
        const { key, sign, value } = describeWhere(clause)
        return [key, sign, value].filter((part) => part !== '').join(' ')
      })
      const more = where.clauses.length - longestList
      return { key: '', sign: '', value: `(${parts.join(word)}${more > 0 ? `${word}${more} more` : ''})` }
    }
  }
}

export function describeWhereDocument(filter: WhereDocument): ClauseWords {
  if (filter.kind === 'text') return { key: 'document', sign: documentOperatorWords[filter.operator], value: `“${filter.value}”` }
  const word = filter.kind === 'and' ? ' and ' : ' or '
  const parts = filter.clauses.slice(0, longestList).map((clause) => {
    const { sign, value } = describeWhereDocument(clause)
    return `${sign} ${value}`.trim()
  })
  return { key: 'document', sign: '', value: `(${parts.join(word)})` }
}

/** A period in words, in the person's time zone. */
export function describePeriod({ key, from, to }: Period): ClauseWords {
  if (from !== null && to !== null) return { key, sign: 'from', value: `${formatTime(from)} to ${formatTime(to)}` }
  if (from !== null) return { key, sign: 'from', value: `${formatTime(from)} on` }
  return { key, sign: 'before', value: to === null ? 'any time' : formatTime(to) }
}
