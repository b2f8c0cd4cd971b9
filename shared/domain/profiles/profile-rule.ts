import type { Evidence } from './evidence.ts'
import type { ProfileMapping, Role } from './profile.ts'
import type { CollectionShape } from './shape.ts'

/** Where a rule looks for a role: the document, one side of its turns, these keys in this order, or the usual names of the role. */
export type FieldSource = 'document' | 'user turn' | 'assistant turn' | 'usual' | readonly string[]

/** How one producer, or kind of producer, lays out its records. */
export interface ProfileRule {
  readonly id: string
  readonly title: string
  readonly kind: ProfileMapping['kind']
  /** Without this the rule does not apply at all. */
  readonly applies: (shape: CollectionShape) => boolean
  readonly evidence: readonly Evidence[]
  /** Most specific role first: a field serves one role only. Several sources are tried in order. */
  readonly fields: readonly (readonly [role: Role, ...sources: FieldSource[]])[]
}
