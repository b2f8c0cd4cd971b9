import { AppError } from '../../rpc/errors.ts'
import type { Metadata, MetadataScalar, MetadataValue } from '../metadata.ts'
import type { StoredRecord } from '../record.ts'
import { compileReplacement } from '../regex.ts'
import { convertValue, type ScalarType } from './convert-value.ts'
import { metadataKeyProblem, metadataValueProblem, textProblem, type MetadataRules } from './metadata-problems.ts'
import { sameMetadataValue } from './same-record.ts'

/** What is done to the text or metadata of every record alike. `key` null of `replace` means the document. */
export type TextChange =
  | { readonly kind: 'set'; readonly key: string; readonly value: MetadataValue }
  | { readonly kind: 'remove'; readonly key: string }
  | { readonly kind: 'rename'; readonly key: string; readonly to: string; readonly overwrite: boolean }
  | { readonly kind: 'convert'; readonly key: string; readonly to: ScalarType }
  | {
      readonly kind: 'replace'
      readonly key: string | null
      readonly find: string
      readonly replacement: string
      readonly isPattern: boolean
      readonly matchCase: boolean
    }

/** What becomes of one record; `same` where it already is as wanted. */
export type RecordOutcome =
  | { readonly kind: 'changed'; readonly record: StoredRecord }
  | { readonly kind: 'same' }
  | { readonly kind: 'refused'; readonly reason: string }

const same: RecordOutcome = { kind: 'same' }

function refused(reason: string): RecordOutcome {
  return { kind: 'refused', reason }
}

function withMetadata(record: StoredRecord, metadata: Metadata): RecordOutcome {
  return { kind: 'changed', record: { ...record, metadata: metadata.size === 0 ? null : metadata } }
}

function withValue(record: StoredRecord, key: string, value: MetadataValue): RecordOutcome {
  return withMetadata(record, new Map([...(record.metadata ?? []), [key, value]]))
}

function assertNoProblem(problem: string | null): void {
  if (problem !== null) throw new AppError('invalid-input', problem, 'Correct it, then try again.')
}

function changeSet({ key, value }: Extract<TextChange, { kind: 'set' }>, rules: MetadataRules): (record: StoredRecord) => RecordOutcome {
  assertNoProblem(metadataKeyProblem(key) ?? metadataValueProblem(value, rules))
  // Chroma stores -0.0 as 0.0.
  const exact = value === 0 ? 0 : value
  return (record) => {
    const current = record.metadata?.get(key)
    return current !== undefined && sameMetadataValue(current, exact) ? same : withValue(record, key, exact)
  }
}

function removed(record: StoredRecord, key: string): RecordOutcome {
  if (record.metadata?.has(key) !== true) return same
  return withMetadata(record, new Map([...record.metadata].filter(([name]) => name !== key)))
}

function changeName({ key, to, overwrite }: Extract<TextChange, { kind: 'rename' }>): (record: StoredRecord) => RecordOutcome {
  assertNoProblem(metadataKeyProblem(to))
  return (record) => {
    const { metadata } = record
    if (key === to || metadata?.has(key) !== true) return same
    if (metadata.has(to) && !overwrite) return refused(`The key ${JSON.stringify(to)} exists already.`)
    const renamed = [...metadata].filter(([name]) => name !== to).map(([name, value]) => [name === key ? to : name, value] as const)
    return withMetadata(record, new Map(renamed))
  }
}

function changeType({ key, to }: Extract<TextChange, { kind: 'convert' }>): (record: StoredRecord) => RecordOutcome {
  return (record) => {
    const value = record.metadata?.get(key)
    if (value === undefined) return same
    const converted = convertValue(value, to)
    if ('reason' in converted) return refused(converted.reason)
    return sameMetadataValue(value, converted.value) ? same : withValue(record, key, converted.value)
  }
}

function escaped(text: string): string {
  return text.replace(/[$()*+./?[\\\]^{|}]/g, '\\$&')
}

function replacer({ find, replacement, isPattern, matchCase }: Extract<TextChange, { kind: 'replace' }>): (text: string) => string {
  if (isPattern) return compileReplacement(find, replacement, matchCase)
  if (find === '') throw new AppError('invalid-input', 'There is nothing to find.', 'Enter the text that is to be replaced.')
  if (matchCase) return (text) => text.replaceAll(find, () => replacement)
  const literal = new RegExp(escaped(find), 'giu')
  return (text) => text.replace(literal, () => replacement)
}

function changeText(change: Extract<TextChange, { kind: 'replace' }>): (record: StoredRecord) => RecordOutcome {
  const { key } = change
  assertNoProblem(textProblem(change.replacement))
  const replace = replacer(change)
  const replaceItem = (item: MetadataScalar): MetadataScalar => (typeof item === 'string' ? replace(item) : item)
  return (record) => {
    if (key === null) {
      if (record.document === null) return same
      const document = replace(record.document)
      return document === record.document ? same : { kind: 'changed', record: { ...record, document } }
    }
    const value = record.metadata?.get(key)
    if (value === undefined) return same
    const replaced = Array.isArray(value) ? value.map(replaceItem) : replaceItem(value)
    return sameMetadataValue(value, replaced) ? same : withValue(record, key, replaced)
  }
}

/**
 * A function that makes a change to one record after another.
 * @throws AppError 'invalid-input' where no record could be changed so: a key or value that Chroma refuses, a pattern that cannot be read.
 */
export function changeRecord(change: TextChange, rules: MetadataRules): (record: StoredRecord) => RecordOutcome {
  switch (change.kind) {
    case 'set':
      return changeSet(change, rules)
    case 'remove':
      return (record) => removed(record, change.key)
    case 'rename':
      return changeName(change)
    case 'convert':
      return changeType(change)
    case 'replace':
      return changeText(change)
  }
}
