import { z } from 'zod'
import type { Filter } from '../../../../shared/domain/where.ts'
import { noFilter } from '../../../../shared/domain/where.ts'
import type { ProfileMapping } from '../../../../shared/domain/profiles/profile.ts'
import { addClause } from '../../../../shared/domain/where-edit.ts'
import { parseWhere } from '../../../../shared/domain/where-json.ts'

/** What is otherwise in the second of two queries; what is absent is the same. */
export const variantSchema = z.object({
  collectionId: z.string().optional(),
  embedderId: z.string().optional(),
  filter: z.enum(['none', 'own']).optional(),
  /** Chroma's `where` as JSON text, for a filter of its own. */
  where: z.string().optional(),
  namespace: z.string().optional(),
})
export type Variant = z.infer<typeof variantSchema>

/** A variant as it stands in an address; null where there is none, 'unreadable' for one that was cut short or mistyped. */
export function parseVariant(text: string | undefined): Variant | null | 'unreadable' {
  if (text === undefined) return null
  try {
    return variantSchema.parse(JSON.parse(text))
  } catch {
    return 'unreadable'
  }
}

/** The metadata key that holds the namespace under a profile; null where there is none that a filter can name. */
export function namespaceKey(mapping: ProfileMapping): string | null {
  const field = mapping.fields.namespace
  return field?.from === 'metadata' && field.path === null ? field.key : null
}

/** The filter of a variant, or what is wrong with the one it was given. */
export function variantFilter(base: Filter, variant: Variant, key: string | null): { filter: Filter; problem: string | null } {
  let filter = variant.filter === undefined ? base : noFilter
  let problem: string | null = null
  if (variant.filter === 'own') {
    const parsed = parseWhere(variant.where ?? '')
    if (parsed.ok) filter = { ...noFilter, where: parsed.tree }
    else problem = parsed.problems.find(({ severity }) => severity === 'error')?.message ?? 'The filter cannot be read.'
  }
  if (variant.namespace !== undefined && variant.namespace !== '' && key !== null)
    filter = { ...filter, where: addClause(filter.where, { kind: 'compare', key, operator: '$eq', value: variant.namespace }) }
  return { filter, problem }
}
