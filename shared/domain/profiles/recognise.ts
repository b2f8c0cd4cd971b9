import type { StoredRecord } from '../record.ts'
import { catalogue, unknownFields } from './catalogue.ts'
import type { FieldSource, ProfileRule } from './profile-rule.ts'
import { weigh } from './evidence.ts'
import type { Field, ProfileMapping, ProfileMatch, Role } from './profile.ts'
import { findRoleField } from './role-keys.ts'
import { collectionShape, type CollectionFacts, type CollectionShape, type FieldShape } from './shape.ts'

/** Below this a layout is not worth proposing. */
const leastConfidence = 0.25

/** What is known from few records can be chance, so confidence has a ceiling until there are enough of them. */
function ceiling(sampled: number): number {
  if (sampled === 0) return 0.6
  return sampled < 3 ? 0.8 : 0.99
}

function resolve(shape: CollectionShape, role: Role, source: FieldSource, taken: Set<FieldShape>): Field | null {
  switch (source) {
    case 'document':
      return shape.documents.share > 0 || shape.sampled === 0 ? { from: 'document' } : null
    case 'user turn':
      return { from: 'turn', speaker: 'user' }
    case 'assistant turn':
      return { from: 'turn', speaker: 'assistant' }
  }
  const found = findRoleField(shape, role, source === 'usual' ? null : source, taken)
  if (found === null) return null
  taken.add(found)
  return found.field
}

function mapFields(shape: CollectionShape, fields: ProfileRule['fields']): ProfileMapping['fields'] {
  const mapped: Partial<Record<Role, Field>> = {}
  const taken = new Set<FieldShape>()
  for (const [role, ...sources] of fields) {
    for (const source of sources) {
      if (mapped[role] !== undefined) break
      const field = resolve(shape, role, source, taken)
      if (field !== null) mapped[role] = field
    }
  }
  return mapped
}

/**
 * Guesses which program wrote a collection, or at least what kind, and which field means what.
 * @param records some of the collection's records, best from its start, middle and end; may be empty
 * Confidence grows with the evidence and with the number of records seen; 0 with the id `unknown` where nothing fits.
 */
export function recogniseProfile(facts: CollectionFacts, records: readonly StoredRecord[]): ProfileMatch {
  const shape = collectionShape(facts, records)
  let best: { rule: ProfileRule; confidence: number; reasons: string[] } | null = null
  for (const rule of catalogue) {
    if (!rule.applies(shape)) continue
    const { confidence, reasons } = weigh(rule.evidence, shape)
    if (confidence > (best?.confidence ?? 0)) best = { rule, confidence, reasons }
  }
  if (best === null || best.confidence < leastConfidence) {
    return {
      id: 'unknown',
      title: 'Not recognised',
      confidence: 0,
      reasons: [records.length === 0 ? 'There are no records to look at.' : 'Names and keys match no known layout.'],
      mapping: { kind: 'unknown', fields: mapFields(shape, unknownFields) },
    }
  }
  const { rule, reasons } = best
  return {
    id: rule.id,
    title: rule.title,
    confidence: Math.min(best.confidence, ceiling(records.length)),
    reasons,
    mapping: { kind: rule.kind, fields: mapFields(shape, rule.fields) },
  }
}
