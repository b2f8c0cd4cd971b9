import type { MetadataKey } from '../../../shared/contract/collections.ts'
import type { ProfileMapping, Role } from '../../../shared/domain/profiles/profile.ts'
import { visibleString } from '../../lib/visible-text.ts'

export interface ColourOption {
  /** As the address writes it. */
  readonly value: string
  readonly label: string
}

const byRole: readonly { role: Role; option: ColourOption }[] = [
  { role: 'namespace', option: { value: 'namespace', label: 'Namespace' } },
  { role: 'expiresAt', option: { value: 'expiry', label: 'Expiry' } },
  { role: 'hitCount', option: { value: 'hitCount', label: 'Hit count' } },
  { role: 'createdAt', option: { value: 'age', label: 'Age' } },
]

/** Colours that can be chosen for a collection, those of its profile first. */
export function colourOptions(mapping: ProfileMapping, keys: readonly MetadataKey[], hasQuery: boolean): ColourOption[] {
  return [
    ...byRole.filter(({ role }) => mapping.fields[role] !== undefined).map(({ option }) => option),
    { value: 'cluster', label: 'Cluster' },
    { value: 'duplicates', label: 'Duplicate group' },
    { value: 'entryThreshold', label: 'Threshold of the entry' },
    { value: 'fidelity', label: 'Local fidelity' },
    ...(hasQuery ? [{ value: 'similarity', label: 'Similarity to the query' }] : []),
    ...keys.map(({ key }) => ({ value: `key:${key}`, label: visibleString(key) })),
  ]
}

/** What a map is coloured by before anybody chose. */
export function usualColour(mapping: ProfileMapping): string {
  return mapping.fields.namespace === undefined ? 'cluster' : 'namespace'
}
