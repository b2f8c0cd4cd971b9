import { AppError } from '../../../../shared/rpc/errors.ts'
import { curlProgram } from './curl.ts'
import { pythonProgram } from './python.ts'
import { typescriptProgram } from './typescript.ts'

/** Where a program finds the collection. */
export type ProgramPlace =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'server'; readonly url: URL }
  | { readonly kind: 'cloud'; readonly url: URL }

/** What a program asks with. */
export type ProgramQuery =
  /** The collection's own embedding function makes the vector. */
  | { readonly kind: 'text'; readonly text: string; readonly vector: Float32Array; readonly embedder: string }
  | { readonly kind: 'record'; readonly id: string; readonly vector: Float32Array }
  /** `text` and `embedder` say what the vector was made of; null for a pasted one. */
  | { readonly kind: 'vector'; readonly vector: Float32Array; readonly text: string | null; readonly embedder: string | null }

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
  if (!facts.query.vector.every(Number.isFinite)) {
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
