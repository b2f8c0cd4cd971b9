import type { MetadataKey } from '../../../shared/contract/collections.ts'
import type { Field, ProfileMapping, Role } from '../../../shared/domain/profiles/profile.ts'
import { rolesInOrder } from '../../../shared/domain/profiles/role-names.ts'

/** A field as the text that a select holds. */
export function fieldId(field: Field | undefined): string {
  if (field === undefined) return 'none'
  switch (field.from) {
    case 'metadata':
      return field.path === null ? `key:${field.key}` : `path:${JSON.stringify([field.key, field.path])}`
    case 'turn':
      return `turn:${field.speaker}`
    default:
      return field.from
  }
}

function fieldLabel(field: Field): string {
  switch (field.from) {
    case 'document':
      return 'Document'
    case 'id':
      return 'ID'
    case 'turn':
      return field.speaker === 'user' ? 'User’s turns in the document' : 'Assistant’s turns in the document'
    case 'metadata':
      return field.path === null ? field.key : `${field.key} → ${field.path}`
  }
}

export interface FieldOption {
  readonly id: string
  readonly label: string
  readonly hint: string
  readonly field: Field | undefined
}

/** Everything a role's value could be read from, the fields in use included even where no record has them now. */
export function fieldOptions(keys: readonly MetadataKey[], mapping: ProfileMapping): FieldOption[] {
  const fields: { field: Field; hint: string }[] = [
    { field: { from: 'document' }, hint: '' },
    { field: { from: 'id' }, hint: '' },
    { field: { from: 'turn', speaker: 'user' }, hint: '' },
    { field: { from: 'turn', speaker: 'assistant' }, hint: '' },
    ...keys.map(({ key, types }) => ({
      field: { from: 'metadata' as const, key, path: null },
      hint: types.map(({ type }) => type).join(', '),
    })),
    ...Object.values(mapping.fields).map((field) => ({
      field,
      hint: field.from === 'metadata' && field.path !== null ? 'inside JSON' : '',
    })),
  ]
  const options = new Map<string, FieldOption>([['none', { id: 'none', label: 'Nothing', hint: '', field: undefined }]])
  for (const { field, hint } of fields) {
    const id = fieldId(field)
    if (!options.has(id)) options.set(id, { id, label: fieldLabel(field), hint, field })
  }
  return [...options.values()]
}

const rolesByKind: Readonly<Record<ProfileMapping['kind'], readonly Role[]>> = {
  cache: ['query', 'response', 'namespace', 'createdAt', 'expiresAt', 'ttl', 'hitCount', 'lastHitAt', 'model', 'user'],
  memory: ['input', 'output', 'fact', 'user', 'session', 'speaker', 'createdAt', 'topic', 'category', 'importance'],
  facts: ['fact', 'user', 'session', 'category', 'topic', 'importance', 'createdAt', 'source'],
  chunks: ['source', 'topic', 'category', 'createdAt', 'user'],
  unknown: [],
}

/** Roles that belong to a kind of collection, and those that the mapping uses beyond them. */
export function rolesFor(mapping: ProfileMapping): Role[] {
  const usual = rolesByKind[mapping.kind]
  if (usual.length === 0) return [...rolesInOrder]
  const used = rolesInOrder.filter((role) => mapping.fields[role] !== undefined && !usual.includes(role))
  return [...usual, ...used]
}

/** The mapping with another field for a role, or none. */
export function withField(mapping: ProfileMapping, role: Role, field: Field | undefined): ProfileMapping {
  const fields = { ...mapping.fields }
  if (field === undefined) delete fields[role]
  else fields[role] = field
  return { ...mapping, fields }
}
