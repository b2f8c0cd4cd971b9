import { memo, useMemo, type ReactNode } from 'react'
import { breakEvenHitRate, breakEvenPrecision } from '../../../shared/domain/thresholds/cost.ts'
import type { ThresholdAnalysis } from '../../../shared/domain/thresholds/analyse.ts'
import type { LabSettings } from '../../lib/thresholds-search.ts'
import { formatCount } from '../../lib/format.ts'
import { ThresholdLine } from '../../ui/threshold-line.tsx'
import { ChartCard } from './chart-card.tsx'
import { measureColours, rightColour } from './chart-colours.ts'
import { plotBox, similarityRange, type SimilarityRange } from './chart-scale.ts'
import { figuresOf, formatGain, type Figures } from './figures.ts'
import { FiguresTable } from './figures-table.tsx'
import { GainChart, HistogramChart, PrecisionRecallChart, RatesChart, WrongChart } from './threshold-charts.tsx'
import { formatBound, formatInterval, formatShare, formatThreshold, gainfulName, measureWords, thresholdTitle } from './threshold-words.ts'

export interface CurvesTabProps {
  analysis: ThresholdAnalysis
  settings: LabSettings
  present: number
  candidate: number
  onCandidate: (threshold: number) => void
}

const noLookups = 'No lookup is left by these settings.'
const noLabels = 'No label says yet which answers are right. Label some lookups first.'

/** The present and the candidate threshold over a chart of similarities. */
function Thresholds({
  range,
  present,
  candidate,
  onCandidate,
  on,
}: Omit<CurvesTabProps, 'analysis' | 'settings'> & { range: SimilarityRange; on: string }) {
  const share = (present - range.from) / (range.to - range.from)
  return (
    <div className="pointer-events-none absolute will-change-transform" style={plotBox}>
      {share >= 0 && share <= 1 && (
        <span aria-hidden="true" className="absolute inset-y-0 border-l border-dashed border-accent" style={{ left: `${share * 100}%` }} />
      )}
      <ThresholdLine value={candidate} from={range.from} to={range.to} onValueChange={onCandidate} label={`Candidate threshold, ${on}`} />
    </div>
  )
}

/** A line that the charts have in common, with what it marks. */
function ChartLine({ className, threshold, children }: { className: string; threshold: number | undefined; children: ReactNode }) {
  return (
    <li className="flex items-center gap-1.5" title={threshold === undefined ? undefined : thresholdTitle(threshold)}>
      <span aria-hidden="true" className={`h-3.5 ${className}`} />
      {children}
    </li>
  )
}

/** A point of the precision-recall curve. */
function CurvePoint({ figures, className }: { figures: Figures; className: string }) {
  const { precision, recall } = figures.measures
  if (precision === null || recall === null) return null
  return (
    <span
      aria-hidden="true"
      className={`absolute size-2.5 -translate-x-1/2 translate-y-1/2 rounded-full border-2 ${className}`}
      style={{ left: `${recall * 100}%`, bottom: `${precision * 100}%` }}
    />
  )
}

function measured(
  name: 'hitRate' | 'precision' | 'recall' | 'fBeta' | 'falseHitShare' | 'errorRate',
  { measures, bands }: Figures,
): string {
  const interval = formatInterval(bands[name])
  return `${name === 'fBeta' ? measureWords.fBeta : measureWords[name].toLowerCase()} ${formatShare(measures[name])}${interval === '' ? '' : ` (${interval})`}`
}

/** All charts with one threshold that is dragged on any of them; charts are drawn once for an analysis, and only lines and words move. */
export const CurvesTab = memo(function CurvesTab({ analysis, settings, present, candidate, onCandidate }: CurvesTabProps) {
  const range = useMemo(() => similarityRange(analysis), [analysis])
  const at = useMemo(() => figuresOf(analysis, settings), [analysis, settings])
  const now = at(candidate)
  const before = at(present)
  const { certified, empirical, result, curve, precisionRecall } = analysis
  const hasLabels = curve.labels > 0
  const level = certified.outcome === 'certified' ? certified.level : null
  const head = `At ${formatThreshold(candidate)}: `
  const line = (on: string) => <Thresholds range={range} present={present} candidate={candidate} onCandidate={onCandidate} on={on} />
  const { costs, guarantee, beta } = settings
  const needed = breakEvenPrecision(costs)
  const rate = now.measures.precision === null ? null : breakEvenHitRate(costs, now.measures.precision)
  return (
    <div className="flex flex-col gap-4">
      <ul aria-label="Lines of the charts" className="flex flex-wrap gap-x-5 gap-y-1 text-small text-ink-muted">
        <ChartLine className="border-l-2 border-accent" threshold={candidate}>
          candidate {formatThreshold(candidate)}
        </ChartLine>
        <ChartLine className="border-l border-dashed border-accent" threshold={present}>
          present {formatThreshold(present)}
        </ChartLine>
        <ChartLine className="border-l-2 border-dotted border-ink-muted" threshold={empirical?.threshold}>
          {empirical === null ? 'best on these labels: no labels' : `best on these labels ${formatThreshold(empirical.threshold)}`}
        </ChartLine>
        <ChartLine className="border-l-2 border-ink" threshold={level?.threshold}>
          {level === null ? 'certified: none' : `certified ${formatThreshold(level.threshold)}`}
        </ChartLine>
      </ul>
      <div className="grid grid-cols-1 gap-x-6 gap-y-5 xl:grid-cols-2">
        <ChartCard
          title="Similarity by label"
          legend={[
            { name: 'right', color: rightColour },
            { name: 'wrong', color: 'var(--wrong)' },
            { name: 'no label', color: 'var(--line-strong)' },
          ]}
          empty={analysis.histogram.length === 0 ? noLookups : null}
          chart={<HistogramChart analysis={analysis} range={range} />}
          overlay={line('on similarity by label')}
          readout={`${head}${measured('hitRate', now)}, ${formatCount(result.labels.right)} right and ${formatCount(result.labels.wrong)} wrong labels, ${formatCount(result.labels.unknown)} lookups without one.`}
        />
        <ChartCard
          title="What each threshold gives"
          note={hasLabels ? undefined : 'the rest takes labels'}
          legend={[
            { name: 'hit rate', color: measureColours.hitRate },
            ...(hasLabels
              ? [
                  { name: 'precision', color: measureColours.precision },
                  { name: 'recall', color: measureColours.recall },
                  { name: `F, beta ${beta}`, color: measureColours.fBeta },
                ]
              : []),
          ]}
          empty={analysis.readings.length === 0 ? noLookups : null}
          chart={<RatesChart analysis={analysis} range={range} />}
          overlay={line('on what each threshold gives')}
          readout={`${head}${measured('hitRate', now)}${hasLabels ? `, ${measured('precision', now)}, ${measured('recall', now)}, ${measured('fBeta', now)}` : ''}.`}
        />
        <ChartCard
          title="Wrong answers"
          note={`bound ${formatBound(guarantee.bound)} of ${guarantee.of}`}
          legend={[
            { name: 'of hits', color: measureColours.falseHitShare },
            { name: 'of lookups', color: measureColours.errorRate },
            { name: 'bound', color: 'var(--ink)', dashed: true },
          ]}
          empty={hasLabels ? null : noLabels}
          chart={<WrongChart analysis={analysis} range={range} bound={guarantee.bound} />}
          overlay={line('on wrong answers')}
          readout={`${head}${measured('falseHitShare', now)}, ${measured('errorRate', now)}.`}
        />
        <ChartCard
          title="Expected gain of a lookup"
          note={`serving pays from ${formatShare(needed)} precision`}
          legend={[
            { name: 'gain', color: rightColour },
            ...(analysis.gainful === null ? [] : [{ name: gainfulName(analysis.gainful.threshold), color: rightColour, dashed: true }]),
          ]}
          empty={hasLabels ? null : noLabels}
          chart={<GainChart analysis={analysis} range={range} />}
          overlay={line('on expected gain')}
          readout={`${head}a lookup gains ${formatGain(now.gain, costs)} where a right hit is worth ${costs.hit}${costs.perCall ? ' on the mean, each by what its call costs' : ''}.${
            costs.lookup === 0
              ? ''
              : rate === null
                ? ' At this precision no hit rate pays for the lookups.'
                : ` Lookups pay from a hit rate of ${formatShare(rate)}.`
          }`}
        />
        <ChartCard
          title="Precision against recall"
          note={
            precisionRecall.average === null
              ? undefined
              : `average precision ${precisionRecall.average.toFixed(3)}${precisionRecall.baseline === null ? '' : `; ${precisionRecall.baseline.toFixed(3)} if similarity told nothing`}`
          }
          legend={[
            { name: 'candidate', color: 'var(--accent)' },
            { name: 'best on these labels', color: 'var(--ink-muted)', dashed: true },
            ...(level === null ? [] : [{ name: 'certified', color: 'var(--ink)' }]),
          ]}
          empty={precisionRecall.average === null ? noLabels : null}
          chart={<PrecisionRecallChart analysis={analysis} />}
          overlay={
            <div className="pointer-events-none absolute" style={{ ...plotBox, top: 8 }}>
              {empirical !== null && <CurvePoint figures={at(empirical.threshold)} className="border-dashed border-ink-muted bg-canvas" />}
              {level !== null && <CurvePoint figures={at(level.threshold)} className="border-ink bg-canvas" />}
              <CurvePoint figures={now} className="border-accent bg-accent-solid" />
            </div>
          }
          readout={`${head}${measured('precision', now)}, ${measured('recall', now)}.`}
        />
        <FiguresTable
          confidence={guarantee.confidence}
          costs={costs}
          rows={[
            { name: 'Present', figures: before },
            { name: 'Candidate', figures: now },
            ...(level === null ? [] : [{ name: 'Certified', figures: at(level.threshold) }]),
            ...(empirical === null ? [] : [{ name: 'Best F', figures: at(empirical.threshold) }]),
            ...(analysis.gainful === null ? [] : [{ name: 'Best gain', figures: at(analysis.gainful.threshold) }]),
          ]}
          onCandidate={onCandidate}
        />
      </div>
    </div>
  )
})
