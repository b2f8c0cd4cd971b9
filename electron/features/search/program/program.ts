import { AppError } from '../../../../shared/rpc/errors.ts'
import { curlProgram } from './curl.ts'
import { queryVectorsOf } from './program-parts.ts'
import { pythonProgram } from './python.ts'
import { typescriptProgram } from './typescript.ts'

/** Where a program finds the collection. */
export type ProgramPlace =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'server'; readonly url: URL }
  | { readonly kind: 'cloud'; readonly url: URL }

/** What a program asks with. */
export type ProgramQuery =
  /** The collection's own embedding function makes the vectors. */
  | { readonly kind: 'texts'; readonly texts: readonly string[] }
  | { readonly kind: 'record'; readonly id: string; readonly vector: Float32Array }
  | { readonly kind: 'vectors'; readonly vectors: readonly ProgramVector[] }

export interface ProgramVector {
  readonly vector: Float32Array
  /** The text or the id of the record that it belongs to; null for a pasted one. */
  readonly of: string | null
  /** What made it of a text; null for a record's or a pasted one. */
  readonly embedder: string | null
}

export interface ProgramFacts {
  readonly place: ProgramPlace
  readonly tenant: string
  readonly database: string
  readonly collection: { readonly id: string; readonly name: string }
  readonly query: ProgramQuery
  readonly nResults: number
  /** Chroma's JSON; null where there is no filter. */
  readonly where: string | null
  readonly whereDocument: string | null
  /** What the program does otherwise than the app, a sentence each; part of its first comment. */
  readonly notes: readonly string[]
}

export type ProgramLanguage = 'python' | 'typescript' | 'curl'

/**
 * A program that asks Chroma the same. Whatever comes from the store or from a person stands in literals that cannot be left.
 * @throws AppError 'invalid-input' where the vector holds a number that is not finite
 */
export function writeProgram(facts: ProgramFacts, language: ProgramLanguage): string {
  const vectors = queryVectorsOf(facts).map(({ vector }) => vector)
  if (!vectors.every((vector) => vector.every(Number.isFinite))) {
    throw new AppError(
      'invalid-input',
      'The vector holds a number that is not finite, which no program can send.',
      'Search by another record or text.',
    )
  }
  switch (language) {
    case 'python':
      return pythonProgram(facts)
    case 'typescript':
      return typescriptProgram(facts)
    case 'curl':
      return curlProgram(facts)
  }
}
