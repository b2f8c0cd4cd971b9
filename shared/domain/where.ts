import { z } from 'zod'
import { metadataScalarSchema, type MetadataScalar } from './metadata.ts'
import { maxNesting, nestsTooDeeply, tooDeep } from './nesting.ts'
import { periodSchema } from './period.ts'

/** A schema of a tree whose clauses nest: what is nested too deeply is refused before it is read, because reading it would exhaust the stack. */
function bounded<Tree>(tree: z.ZodType<Tree>): z.ZodType<Tree> {
  return z
    .unknown()
    .refine((value) => !nestsTooDeeply(value, maxNesting), { message: tooDeep })
    .pipe(tree)
}

export const compareOperatorSchema = z.enum(['$eq', '$ne', '$gt', '$gte', '$lt', '$lte'])
export type CompareOperator = z.infer<typeof compareOperatorSchema>

/** A metadata filter as a tree; the JSON form that Chroma reads is parsed and printed by where-json.ts. */
export type Where =
  | { kind: 'and'; clauses: Where[] }
  | { kind: 'or'; clauses: Where[] }
  | { kind: 'compare'; key: string; operator: CompareOperator; value: MetadataScalar }
  | { kind: 'in'; key: string; operator: '$in' | '$nin'; values: MetadataScalar[] }
  | { kind: 'contains'; key: string; operator: '$contains' | '$not_contains'; value: MetadataScalar }

const whereTreeSchema: z.ZodType<Where> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('and'), clauses: z.array(whereTreeSchema) }),
    z.object({ kind: z.literal('or'), clauses: z.array(whereTreeSchema) }),
    z.object({ kind: z.literal('compare'), key: z.string(), operator: compareOperatorSchema, value: metadataScalarSchema }),
    z.object({ kind: z.literal('in'), key: z.string(), operator: z.enum(['$in', '$nin']), values: z.array(metadataScalarSchema) }),
    z.object({
      kind: z.literal('contains'),
      key: z.string(),
      operator: z.enum(['$contains', '$not_contains']),
      value: metadataScalarSchema,
    }),
  ]),
)

/** At most {@link maxNesting} levels deep. */
export const whereSchema: z.ZodType<Where> = bounded(whereTreeSchema)

/** A document filter as a tree. Needles are case-sensitive; regular expressions have Rust's syntax. */
export type WhereDocument =
  | { kind: 'and'; clauses: WhereDocument[] }
  | { kind: 'or'; clauses: WhereDocument[] }
  | { kind: 'text'; operator: '$contains' | '$not_contains' | '$regex' | '$not_regex'; value: string }

const whereDocumentTreeSchema: z.ZodType<WhereDocument> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('and'), clauses: z.array(whereDocumentTreeSchema) }),
    z.object({ kind: z.literal('or'), clauses: z.array(whereDocumentTreeSchema) }),
    z.object({ kind: z.literal('text'), operator: z.enum(['$contains', '$not_contains', '$regex', '$not_regex']), value: z.string() }),
  ]),
)

/** At most {@link maxNesting} levels deep. */
export const whereDocumentSchema: z.ZodType<WhereDocument> = bounded(whereDocumentTreeSchema)

/**
 * What is shown of a collection: all parts must hold. `find` is a case-insensitive substring of id or document. Neither `find` nor
 * `periods` nor `set` can be asked of Chroma; the app evaluates them.
 */
export const filterSchema = z.object({
  where: whereSchema.nullable(),
  whereDocument: whereDocumentSchema.nullable(),
  find: z.string(),
  periods: z.array(periodSchema).max(100).default([]),
  /** Id of a saved set: only its records. Null for any. */
  set: z.string().nullable().default(null),
})
export type Filter = z.infer<typeof filterSchema>

export const noFilter: Filter = { where: null, whereDocument: null, find: '', periods: [], set: null }

/** Why a filter by a saved set cannot be left to Chroma. */
export const setsBeyondChroma = {
  message: 'Chroma knows nothing of saved sets, so it cannot be asked for one.',
  remedy: 'Select the records of the set and use their ids.',
} as const

/** Whether a filter leaves every record. */
export function isUnfiltered({ where, whereDocument, find, periods, set }: Filter): boolean {
  return where === null && whereDocument === null && find === '' && periods.length === 0 && set === null
}
