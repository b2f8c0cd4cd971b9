import { useEffect, useState } from 'react'
import type { Evidence } from '../../../shared/domain/thresholds/evidence.ts'
import type { LabSettings } from '../../lib/thresholds-search.ts'
import type { AnalysisReply } from './analysis-messages.ts'
import { AnalysisWorker } from './analysis-worker.ts'

/** The worker of a page, with the evidence it was handed. */
export interface Analyst {
  readonly worker: AnalysisWorker
  readonly evidence: Evidence
}

/** A worker that has the evidence; null until both are there. */
export function useAnalyst(evidence: Evidence | undefined): Analyst | null {
  const [worker, setWorker] = useState<AnalysisWorker | null>(null)
  const [analyst, setAnalyst] = useState<Analyst | null>(null)
  useEffect(() => {
    const made = new AnalysisWorker()
    setWorker(made)
    return () => made.end()
  }, [])
  useEffect(() => {
    if (worker === null || evidence === undefined) return
    worker.setEvidence(evidence)
    setAnalyst({ worker, evidence })
  }, [worker, evidence])
  return analyst
}

/**
 * The worker's answer about the evidence under some settings. The former answer stays until the next is there.
 * @param settings the same object while they are the same
 */
export function useAnalysis<K extends AnalysisReply['kind']>(
  analyst: Analyst | null,
  kind: K,
  settings: LabSettings,
): { data: Extract<AnalysisReply, { kind: K }> | null; error: unknown } {
  const [answer, setAnswer] = useState<{ data: Extract<AnalysisReply, { kind: K }> | null; error: unknown }>({ data: null, error: null })
  useEffect(() => {
    if (analyst === null) return
    let isWanted = true
    analyst.worker.ask(kind, settings).then(
      (data) => isWanted && setAnswer({ data, error: null }),
      (error: unknown) => isWanted && setAnswer({ data: null, error }),
    )
    return () => {
      isWanted = false
    }
  }, [analyst, kind, settings])
  return answer
}
