import { z } from 'zod'
import { metadataScalarSchema, type MetadataScalar } from './metadata.ts'

export const compareOperatorSchema = z.enum(['$eq', '$ne', '$gt', '$gte', '$lt', '$lte'])
export type CompareOperator = z.infer<typeof compareOperatorSchema>

/** A metadata filter as a tree; the JSON form that Chroma reads is parsed and printed by where-json.ts. */
export type Where =
  | { kind: 'and'; clauses: Where[] }
  | { kind: 'or'; clauses: Where[] }
  | { kind: 'compare'; key: string; operator: CompareOperator; value: MetadataScalar }
  | { kind: 'in'; key: string; operator: '$in' | '$nin'; values: MetadataScalar[] }
  | { kind: 'contains'; key: string; operator: '$contains' | '$not_contains'; value: MetadataScalar }

export const whereSchema: z.ZodType<Where> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('and'), clauses: z.array(whereSchema) }),
    z.object({ kind: z.literal('or'), clauses: z.array(whereSchema) }),
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

/** A document filter as a tree. Needles are case-sensitive; regular expressions have Rust's syntax. */
export type WhereDocument =
  | { kind: 'and'; clauses: WhereDocument[] }
  | { kind: 'or'; clauses: WhereDocument[] }
  | { kind: 'text'; operator: '$contains' | '$not_contains' | '$regex' | '$not_regex'; value: string }

export const whereDocumentSchema: z.ZodType<WhereDocument> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('and'), clauses: z.array(whereDocumentSchema) }),
    z.object({ kind: z.literal('or'), clauses: z.array(whereDocumentSchema) }),
    z.object({ kind: z.literal('text'), operator: z.enum(['$contains', '$not_contains', '$regex', '$not_regex']), value: z.string() }),
  ]),
)

/** What is shown of a collection: all parts must hold. `find` is a case-insensitive substring of id or document. */
export const filterSchema = z.object({
  where: whereSchema.nullable(),
  whereDocument: whereDocumentSchema.nullable(),
  find: z.string(),
})
export type Filter = z.infer<typeof filterSchema>

export const noFilter: Filter = { where: null, whereDocument: null, find: '' }
