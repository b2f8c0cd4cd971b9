import { formatMetadataValue, type MetadataValue } from '../metadata.ts'
import type { ProfileMapping, Role } from '../profiles/profile.ts'
import { readRole } from '../profiles/read-role.ts'
import type { StoredRecord } from '../record.ts'
import { speakerOf, splitTurns, type Speaker } from '../turns.ts'

export interface EpisodeTurn {
  readonly speaker: Speaker
  /** The name as stored; empty where nobody is named. */
  readonly label: string
  readonly text: string
}

/** What the record says of its own validity: `superseded` is no longer true, `archived` was put aside by a person. */
export type Standing = 'current' | 'archived' | 'superseded'

const supersededKeys = ['superseded_by', 'replaced_by', 'invalidated_by', 'invalid_at', 'invalidated_at']
const activeKeys = ['active', 'is_active', 'is_current']
/** The metadata key by which a record is put aside: it stays where it is and is shown as archived. */
export const archivedKey = 'archived'

function textOf(value: MetadataValue | null): string | null {
  if (value === null) return null
  return typeof value === 'string' ? value : formatMetadataValue(value)
}

/**
 * What was said in an episode, in order. A document of several turns is split into them; else input and output are one turn each; else
 * the text is one turn of whoever the record names, or of nobody. Empty where the record has no text.
 */
export function turnsOf(mapping: ProfileMapping, record: StoredRecord): EpisodeTurn[] {
  const split = record.document === null ? null : splitTurns(record.document)
  if (split !== null && split.length > 1) return split
  const input = textOf(readRole(mapping, 'input', record))
  const output = textOf(readRole(mapping, 'output', record))
  if (input !== null || output !== null) {
    return [
      ...(input === null ? [] : [{ speaker: 'user' as const, label: 'User', text: input }]),
      ...(output === null ? [] : [{ speaker: 'assistant' as const, label: 'Assistant', text: output }]),
    ]
  }
  if (split !== null) return split
  const text = textOf(readRole(mapping, 'fact', record)) ?? record.document
  const label = textOf(readRole(mapping, 'speaker', record)) ?? ''
  return text === null ? [] : [{ speaker: speakerOf(label), label, text }]
}

const detailRoles: readonly Role[] = ['topic', 'category', 'importance', 'namespace', 'model', 'hitCount']

/** Roles whose values mean nothing without their name. */
const bareNumbers: ReadonlySet<Role> = new Set(['importance', 'hitCount'])

/** The small facts of an episode that a timeline shows beside it, in the order of importance; without empty ones. */
export function detailsOf(mapping: ProfileMapping, record: StoredRecord): { role: Role; text: string }[] {
  return detailRoles.flatMap((role) => {
    const text = textOf(readRole(mapping, role, record))?.trim() ?? ''
    return text === '' ? [] : [{ role, text: bareNumbers.has(role) ? `${role === 'hitCount' ? 'hits' : role} ${text}` : text }]
  })
}

/** What the metadata says of a record's validity, by keys that are usual for it. */
export function standingOf({ metadata }: StoredRecord): Standing {
  if (metadata === null) return 'current'
  if (metadata.get(archivedKey) === true) return 'archived'
  const isSuperseded =
    supersededKeys.some((key) => !['', false, undefined].includes(metadata.get(key) as string | undefined)) ||
    activeKeys.some((key) => metadata.get(key) === false)
  return isSuperseded ? 'superseded' : 'current'
}
