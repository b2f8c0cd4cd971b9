import type { EngineCandidate } from '../../../shared/contract/engine.ts'

/** An engine with its version: "Chroma 1.5.2". */
export function engineWords({ label, version }: EngineCandidate): string {
  return version === null || label.includes(version) ? label : `Chroma ${version}`
}
