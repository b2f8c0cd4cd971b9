import type { TextEdit, TextRange } from './positioned-json.ts'

/** Something about a filter's text that the person should know, and where in the text it stands. */
export interface FilterProblem extends TextRange {
  /** Errors keep the filter from being applied; warnings do not. */
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly remedy: string | null
  /** An edit that most likely does what was meant. */
  readonly fix: { readonly label: string; readonly edit: TextEdit } | null
}

/** A filter read from text: its tree (null for an empty text, which filters nothing), or at least one error. */
export type ParsedFilter<Tree> =
  | { readonly ok: true; readonly tree: Tree | null; readonly problems: FilterProblem[] }
  | { readonly ok: false; readonly problems: FilterProblem[] }
