import type { MetadataKey } from '../../../../shared/contract/collections.ts'
import type { Sort } from '../../../../shared/contract/records.ts'
import type { Field, ProfileMapping, Role } from '../../../../shared/domain/profiles/profile.ts'
import { roleName, rolesInOrder } from '../../../../shared/domain/profiles/role-names.ts'

export type SortBy = Sort['by']

/** A column of the records table. Its id is what settings and links keep: `id`, `document`, `role:<role>` or `key:<metadata key>`. */
export interface GridColumn {
  readonly id: string
  readonly title: string
  /** Where the values come from, for people: "metadata key created_at". */
  readonly origin: string
  /** True where `title` is a name the store chose, which is shown as it is. */
  readonly isKey: boolean
  readonly role: Role | null
  readonly field: Field
  /** Null where Chroma's data gives nothing to sort by, as for a part of a document. */
  readonly sortBy: SortBy | null
  readonly alignsRight: boolean
}

function sortByField(field: Field): SortBy | null {
  switch (field.from) {
    case 'id':
    case 'document':
      return { kind: field.from }
    case 'metadata':
      return field.path === null ? { kind: 'metadata', key: field.key } : null
    case 'turn':
      return null
  }
}

/** Where a field's value is found, in words. */
function describeField(field: Field): string {
  switch (field.from) {
    case 'id':
      return 'the id'
    case 'document':
      return 'the document'
    case 'turn':
      return `what the ${field.speaker} says in the document`
    case 'metadata':
      return field.path === null ? `metadata key ${field.key}` : `${field.path} in metadata key ${field.key}`
  }
}

/** True where most values of a key are numbers. */
export function isNumeric(key: MetadataKey): boolean {
  const numbers = key.types.filter(({ type }) => type === 'integer' || type === 'float').reduce((sum, { count }) => sum + count, 0)
  return numbers * 2 > key.count
}

/** Every column that a collection could show: id, document, the profile's roles, then metadata keys by coverage. */
export function availableColumns(keys: readonly MetadataKey[], mapping: ProfileMapping): GridColumn[] {
  const byKey = new Map(keys.map((key) => [key.key, key]))
  const numericRole = (role: Role, field: Field): boolean => {
    const key = field.from === 'metadata' && field.path === null ? byKey.get(field.key) : undefined
    return key !== undefined && isNumeric(key) && !['createdAt', 'expiresAt', 'lastHitAt'].includes(role)
  }
  const roles = rolesInOrder.flatMap((role): GridColumn[] => {
    const field = mapping.fields[role]
    if (field === undefined) return []
    return [
      {
        id: `role:${role}`,
        title: roleName(role),
        origin: describeField(field),
        isKey: false,
        role,
        field,
        sortBy: sortByField(field),
        alignsRight: numericRole(role, field),
      },
    ]
  })
  const metadata = [...keys]
    .sort((a, b) => b.count - a.count || a.key.localeCompare(b.key))
    .map((key): GridColumn => {
      const field: Field = { from: 'metadata', key: key.key, path: null }
      return {
        id: `key:${key.key}`,
        title: key.key,
        origin: describeField(field),
        isKey: true,
        role: null,
        field,
        sortBy: sortByField(field),
        alignsRight: isNumeric(key),
      }
    })
  const own = (from: 'id' | 'document', title: string): GridColumn => ({
    id: from,
    title,
    origin: from === 'id' ? 'the record’s id' : 'the record’s document',
    isKey: false,
    role: null,
    field: { from },
    sortBy: { kind: from },
    alignsRight: false,
  })
  return [own('id', 'ID'), own('document', 'Document'), ...roles, ...metadata]
}
