import { z } from 'zod'
import { analyseThresholds } from '../../../shared/domain/thresholds/analyse.ts'
import { makeEvidence, selectEvidence } from '../../../shared/domain/thresholds/evidence.ts'
import { groupDifference } from '../../../shared/domain/thresholds/group-difference.ts'
import { groupThresholds } from '../../../shared/domain/thresholds/group-thresholds.ts'
import { analysisRequestSchema, type AnalysisReply } from './analysis-messages.ts'

// The policy of the page forbids to make code of text, which zod would try first.
z.config({ jitless: true })

/** What a worker has of its own global object here. */
const scope = globalThis as unknown as { postMessage(reply: AnalysisReply): void }

let { evidence } = makeEvidence([])

addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  const message = analysisRequestSchema.parse(data)
  if (message.kind === 'evidence') {
    evidence = message.evidence
    return
  }
  const { request, settings } = message
  if (message.kind === 'analysis') {
    // What is analysed depends on neither of the two thresholds.
    const analysis = analyseThresholds(evidence, { ...settings, present: 0, candidate: 0 })
    scope.postMessage({ kind: 'analysis', request, analysis })
    return
  }
  const part = { sources: settings.sources, exact: settings.exact, group: null }
  scope.postMessage({
    kind: 'groups',
    request,
    ...groupThresholds(evidence, part, settings.guarantee),
    difference: groupDifference(selectEvidence(evidence, part).evidence),
  })
})
