import type { EngineCandidate } from '../../../shared/contract/engine.ts'

/** How to run a candidate: a binding is loaded by the host script, a command is a program of its own. */
export type EngineProgram =
  | { readonly kind: 'binding'; readonly file: string }
  | { readonly kind: 'command'; readonly command: readonly string[] }

/** A candidate with what is needed to start it; `program` is null where it cannot be. */
export interface FoundEngine {
  readonly candidate: EngineCandidate
  readonly program: EngineProgram | null
}
