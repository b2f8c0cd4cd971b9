import { X } from 'lucide-react'
import type { CollectionRef, MetadataKey } from '../../../../shared/contract/collections.ts'
import { formatScalar, type MetadataType } from '../../../../shared/domain/metadata.ts'
import { readTime, type TimeEncoding } from '../../../../shared/domain/time.ts'
import { formatCount, formatTime } from '../../../lib/format.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { Select } from '../../../ui/select.tsx'
import { SuggestInput } from '../../../ui/suggest-input.tsx'
import { operatorWords } from '../../../lib/operator-words.ts'
import { useKeyFacet } from '../use-key-values.ts'
import { DateHelper } from './date-helper.tsx'
import { orderOperators, whereOperators, type DraftClause, type WhereOperator } from './draft.ts'
import { TokenInput } from './token-input.tsx'
import { isListType, itemType, readValue, scalarTypes, scalarTypeOf, textOf, type ScalarType } from './values.ts'

interface ClauseRowProps {
  readonly clause: DraftClause
  readonly collection: CollectionRef
  readonly keys: readonly MetadataKey[]
  readonly problem: string | undefined
  readonly onChange: (clause: DraftClause) => void
  readonly onRemove: () => void
}

const typeNames: Readonly<Record<ScalarType, string>> = { string: 'text', integer: 'integer', float: 'float', boolean: 'boolean' }

function mainType(key: MetadataKey | undefined): MetadataType | null {
  return key === undefined ? null : ([...key.types].sort((a, b) => b.count - a.count)[0]?.type ?? null)
}

/** Operators a key can be asked with: lists by what they hold, all else by comparison. The one in use is always among them. */
function operatorsFor(type: MetadataType | null, inUse: WhereOperator): WhereOperator[] {
  const isList = type !== null && isListType(type)
  return whereOperators.filter((operator) => {
    if (operator === inUse) return true
    const asksList = operator === '$contains' || operator === '$not_contains'
    if (type !== null && asksList !== isList) return false
    return !(orderOperators.has(operator) && type === 'boolean')
  })
}

/** The clause for another key, keeping what still fits. */
function withKey(clause: DraftClause, name: string, keys: readonly MetadataKey[]): DraftClause {
  const type = mainType(keys.find(({ key }) => key === name))
  if (type === null) return { ...clause, key: name }
  const valueType = itemType(type)
  const operators = operatorsFor(type, '$eq').filter((operator) => (isListType(type) ? operator.includes('contains') : true))
  const operator = operators.includes(clause.operator) ? clause.operator : (operators[0] ?? '$eq')
  const values = clause.type === valueType ? clause.values : valueType === 'boolean' ? ['true'] : []
  return { ...clause, key: name, type: valueType, operator, values }
}

/** One condition on a metadata key: key, operator, and a value of the key's type. */
export function ClauseRow({ clause, collection, keys, problem, onChange, onRemove }: ClauseRowProps) {
  const known = keys.find(({ key }) => key === clause.key)
  const facet = useKeyFacet(collection, known === undefined ? '' : clause.key)
  const encoding: TimeEncoding | null =
    facet?.kind === 'range' && facet.scale === 'date' && facet.encoding !== 'integer' && facet.encoding !== 'float' ? facet.encoding : null
  const suggestions =
    facet?.kind === 'values'
      ? facet.values
          .filter(({ value }) => scalarTypeOf(value) === clause.type)
          .map(({ value, count }) => ({ value: textOf(value), hint: formatCount(count) }))
      : []
  const isMany = clause.operator === '$in' || clause.operator === '$nin'
  const typed = clause.values[0] ?? ''
  const read = readValue(typed, clause.type)
  const time = encoding !== null && typed !== '' && read.ok ? readTime(read.value) : null
  const isInvalid = problem !== undefined && (clause.values.length > 0 || orderOperators.has(clause.operator))
  const types = new Set(known?.types.map(({ type }) => itemType(type)))
  const offersType = known === undefined || types.size > 1 || !types.has(clause.type)
  const setText = (text: string) => onChange({ ...clause, values: [text] })

  return (
    <div className="flex flex-col gap-0.5">
      <div className="flex flex-wrap items-center gap-1.5">
        <SuggestInput
          value={clause.key}
          onValueChange={(key) => onChange(withKey(clause, key, keys))}
          suggestions={keys.map(({ key, types: all }) => ({ value: key, hint: all.map(({ type }) => type).join(', ') }))}
          label="Metadata key"
          placeholder="Key"
          className="numeric w-32"
        />
        <Select<WhereOperator>
          label="Operator"
          value={clause.operator}
          onValueChange={(operator) =>
            onChange({ ...clause, operator, values: operator === '$in' || operator === '$nin' ? clause.values : clause.values.slice(0, 1) })
          }
          options={operatorsFor(mainType(known), clause.operator).map((operator) => ({
            value: operator,
            label: operatorWords[operator],
            hint: operator,
          }))}
          className="w-36"
        />
        {offersType && (
          <Select<ScalarType>
            label="Type of the value"
            value={clause.type}
            onValueChange={(type) => onChange({ ...clause, type, values: type === 'boolean' ? ['true'] : clause.values })}
            options={scalarTypes.map((type) => ({ value: type, label: typeNames[type] }))}
            className="w-24"
          />
        )}
        {isMany ? (
          <TokenInput
            tokens={clause.values}
            onTokens={(values) => onChange({ ...clause, values })}
            suggestions={suggestions}
            label="Values"
            isInvalid={isInvalid}
          />
        ) : clause.type === 'boolean' ? (
          <Select
            label="Value"
            value={typed === 'false' ? 'false' : 'true'}
            onValueChange={setText}
            options={[
              { value: 'true', label: 'true' },
              { value: 'false', label: 'false' },
            ]}
            className="w-24"
          />
        ) : (
          <SuggestInput
            value={typed}
            onValueChange={setText}
            suggestions={suggestions}
            label="Value"
            placeholder={clause.type === 'string' ? 'Text' : clause.type === 'integer' ? '0' : '0.0'}
            isInvalid={isInvalid}
            className={clause.type === 'string' ? 'min-w-24 flex-1' : 'numeric max-w-44 min-w-24 flex-1'}
          />
        )}
        {encoding !== null && !isMany && <DateHelper encoding={encoding} type={clause.type} time={time} onText={setText} />}
        <IconButton label="Remove this condition" icon={<X aria-hidden="true" />} onClick={onRemove} />
      </div>
      {problem !== undefined && (clause.key !== '' || clause.values.length > 0) && (
        <p className={isInvalid ? 'text-small text-wrong' : 'text-small text-ink-faint'}>{problem}</p>
      )}
      {problem === undefined && time !== null && read.ok && (
        <p className="text-small text-ink-faint">
          {formatScalar(read.value)} is {formatTime(time)}
        </p>
      )}
    </div>
  )
}
