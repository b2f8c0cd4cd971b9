import path from 'node:path'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import type { LookupSettings } from '../../shared/contract/lookups.ts'
import type { thresholds } from '../../shared/contract/thresholds.ts'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import type { Handlers } from '../../shared/rpc/define.ts'
import type { Embedders } from '../embedder/embedders.ts'
import { thresholdsHandlers, type ThresholdsParts } from '../features/thresholds/handlers.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { LookupLogs } from '../lookup-logs/lookup-logs.ts'
import type { Neighbours } from '../neighbours/neighbours.ts'
import type { EntryTables } from '../search/entry-table.ts'
import type { ExactSearch } from '../search/exact-search.ts'
import type { OpenStores } from '../store/open-stores.ts'
import { EntryScores } from '../thresholds/entry-scores.ts'
import { EvidenceSources, type EvidenceSourcesOptions } from '../thresholds/evidence-sources.ts'
import { Experiments } from '../thresholds/experiments.ts'
import { LabelFile } from '../thresholds/label-file.ts'
import { NegativeScores } from '../thresholds/negative-scores.ts'
import { PairFiles } from '../thresholds/pair-files.ts'
import { SendingConsent } from '../thresholds/sending-consent.ts'
import { ThresholdLab } from '../thresholds/threshold-lab.ts'
import { ThresholdReports } from '../thresholds/threshold-reports.ts'
import type { CoreBasis } from './core-basis.ts'

interface ThresholdOptions extends CoreBasis, Pick<ThresholdsParts, 'dialogs' | 'pathOf' | 'filesIn'> {
  readonly stores: OpenStores
  readonly jobs: Jobs
  readonly logs: LookupLogs
  readonly embedders: Embedders
  readonly exact: ExactSearch
  readonly tables: EntryTables
  readonly neighbours: Neighbours
  readonly mappingOf: (ref: CollectionRef, signal: AbortSignal) => Promise<ProfileMapping>
  readonly rulesOf: (ref: CollectionRef) => Promise<LookupSettings>
  readonly sampleOf: EvidenceSourcesOptions['sampleOf']
}

/** Evidence for a similarity threshold, and what is made of it. */
export function wireThresholds({
  data,
  onDamaged,
  stores,
  jobs,
  logs,
  embedders,
  exact,
  tables,
  neighbours,
  mappingOf,
  rulesOf,
  sampleOf,
  dialogs,
  pathOf,
  filesIn,
}: ThresholdOptions): { readonly lab: ThresholdLab; readonly handlers: Handlers<typeof thresholds> } {
  const pairs = new PairFiles(path.join(data, 'threshold-pairs.json'), onDamaged)
  const consent = new SendingConsent()
  const lab = new ThresholdLab({
    stores,
    jobs,
    labels: new LabelFile(path.join(data, 'threshold-labels')),
    mappingOf,
    sources: new EvidenceSources({
      stores,
      logs,
      pairs,
      scores: new EntryScores({ embedders, consent, exact, tables, mappingOf, rulesOf }),
      tables,
      neighbours,
      mappingOf,
      rulesOf,
      sampleOf,
    }),
  })
  const handlers = thresholdsHandlers({
    lab,
    pairs,
    negatives: new NegativeScores({ stores, jobs, embedders, consent, tables, mappingOf }),
    consent,
    experiments: new Experiments(path.join(data, 'threshold-experiments.json'), onDamaged),
    reports: new ThresholdReports({ stores, lab, choiceOf: (ref, signal) => embedders.choice(ref, signal) }),
    dialogs,
    pathOf,
    filesIn,
  })
  return { lab, handlers }
}
