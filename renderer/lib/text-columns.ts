import type { ProfileMapping, Role } from '../../shared/domain/profiles/profile.ts'
import { roleName } from '../../shared/domain/profiles/role-names.ts'

export interface TextColumn {
  readonly name: string
  /** Null for the document. */
  readonly role: Role | null
  /** Share of the width. */
  readonly share: number
}

/** The text that a query is compared with: what was asked, the fact or the input, else the document. */
const compared: readonly Role[] = ['query', 'fact', 'input']
const further: readonly { role: Role; share: number }[] = [
  { role: 'response', share: 4 },
  { role: 'output', share: 4 },
  { role: 'topic', share: 1.5 },
  { role: 'namespace', share: 1.5 },
]

/** Columns of a list of neighbours under a profile; the first holds the text that a query is compared with. */
export function textColumns(mapping: ProfileMapping): readonly [TextColumn, ...TextColumn[]] {
  const first = compared.find((role) => mapping.fields[role] !== undefined)
  const rest = further.filter(({ role }) => mapping.fields[role] !== undefined)
  const shown = rest.length > 3 ? rest.filter(({ role }) => role !== 'topic') : rest
  return [
    { name: first === undefined ? 'Document' : roleName(first), role: first ?? null, share: 5 },
    ...shown.map(({ role, share }) => ({ name: roleName(role), role, share })),
  ]
}
