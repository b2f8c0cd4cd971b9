import type { CollectionRef } from '../../shared/contract/collections.ts'
import type { EmbedderChoice } from '../../shared/contract/embedders.ts'
import { analyseThresholds } from '../../shared/domain/thresholds/analyse.ts'
import {
  thresholdReportSchema,
  type EvidenceRef,
  type ThresholdReport,
  type ThresholdSettings,
} from '../../shared/domain/thresholds/experiment.ts'
import { inUnit, thresholdUnits } from '../../shared/domain/thresholds/units.ts'
import type { OpenStores } from '../store/open-stores.ts'
import { reportHtml } from './report-html.ts'
import type { AskedEvidence, ThresholdLab } from './threshold-lab.ts'

export interface ThresholdReportsOptions {
  readonly stores: OpenStores
  readonly lab: ThresholdLab
  /** Which embedder a collection uses. */
  readonly choiceOf: (ref: CollectionRef, signal: AbortSignal) => Promise<EmbedderChoice>
}

const distanceUnit = { cosine: 'cosine-distance', l2: 'squared-l2', ip: 'chroma-ip' } as const

/** What evidence is called in a report. */
function nameOf(source: EvidenceRef): string {
  if (source.from === 'log' || source.from === 'pairs') return source.name
  return source.from === 'sample' ? 'Lookups of the sample' : 'Self-calibration from the collection'
}

/** Makes reports of a threshold and all that stands behind it. */
export class ThresholdReports {
  readonly #options: ThresholdReportsOptions

  constructor(options: ThresholdReportsOptions) {
    this.#options = options
  }

  /** The text of a report and a name for its file. Errors as in {@link ThresholdLab.evidence}. */
  async make(
    asked: AskedEvidence,
    { settings, threshold, format }: { settings: ThresholdSettings; threshold: number; format: 'html' | 'json' },
    signal: AbortSignal,
  ): Promise<{ name: string; text: string }> {
    const { stores, lab, choiceOf } = this.#options
    const store = await stores.get(asked.connectionId, signal)
    const [{ prepared, labelled }, { summary }, choice] = await Promise.all([
      lab.evidence(asked, signal, settings.groupBy),
      store.detail(asked.collectionId, { signal }),
      choiceOf(asked, signal),
    ])
    const analysis = analyseThresholds(labelled.evidence, settings)
    const report: ThresholdReport = thresholdReportSchema.parse({
      format: 'mnemoscope-threshold-report',
      version: 1,
      date: new Date().toISOString(),
      collection: summary.name,
      embedder: prepared.embedder?.title ?? choice.embedder?.title ?? null,
      metric: 'cosine similarity',
      space: summary.space,
      threshold,
      distance: inUnit(distanceUnit[summary.space], threshold),
      labels: { ...analysis.result.labels, sources: settings.sources },
      guarantee: settings.guarantee,
      result: analysis.result,
      units: thresholdUnits(threshold).map(({ unit, label, hit, value, warning }) => ({ unit, label, hit, value, warning })),
    })
    const name = `threshold-${summary.name.replaceAll(/[^\w.-]+/g, '-').slice(0, 80)}.${format}`
    if (format === 'json') return { name, text: `${JSON.stringify(report, null, 2)}\n` }
    return { name, text: reportHtml({ report, analysis, settings, evidenceName: nameOf(asked.source), notes: prepared.notes }) }
  }
}
