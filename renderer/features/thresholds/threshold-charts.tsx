import { memo } from 'react'
import { Area, Bar, BarChart, ComposedChart, Line, LineChart, ReferenceLine, ResponsiveContainer, XAxis, YAxis } from 'recharts'
import type { ThresholdAnalysis } from '../../../shared/domain/thresholds/analyse.ts'
import { axisTicks, roundTop } from '../../../shared/domain/thresholds/axis-ticks.ts'
import { formatCount } from '../../lib/format.ts'
import { axisStyle, gridLines, markedThresholds, measureLine, similarityAxis } from './chart-parts.tsx'
import { rightColour } from './chart-colours.ts'
import { chartMargin, valueAxisWidth, type SimilarityRange } from './chart-scale.ts'

export interface ThresholdChartProps {
  analysis: ThresholdAnalysis
  range: SimilarityRange
}

const percentTick = (share: number): string => `${Number((share * 100).toFixed(2))}%`
const common = { margin: chartMargin, accessibilityLayer: false } as const

/** How many lookups of each label have which similarity. */
export const HistogramChart = memo(function HistogramChart({ analysis, range }: ThresholdChartProps) {
  const bins = analysis.histogram.map((bin) => ({ ...bin, middle: (bin.from + bin.to) / 2 }))
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart data={bins} barSize={bins.length === 1 ? 48 : undefined} barCategoryGap={1} {...common}>
        {gridLines}
        {similarityAxis('middle', range)}
        <YAxis width={valueAxisWidth} allowDecimals={false} tickFormatter={formatCount} {...axisStyle} />
        <Bar dataKey="right" stackId="all" fill={rightColour} isAnimationActive={false} />
        <Bar dataKey="wrong" stackId="all" fill="var(--wrong)" isAnimationActive={false} />
        <Bar dataKey="unknown" stackId="all" fill="var(--line-strong)" isAnimationActive={false} />
        {markedThresholds(analysis)}
      </BarChart>
    </ResponsiveContainer>
  )
})

/** Hit rate, precision, recall and F-beta against the threshold, each with its band. */
export const RatesChart = memo(function RatesChart({ analysis, range }: ThresholdChartProps) {
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart data={[...analysis.readings]} {...common}>
        {gridLines}
        {similarityAxis('threshold', range)}
        <YAxis width={valueAxisWidth} domain={[0, 1]} ticks={[0, 0.25, 0.5, 0.75, 1]} tickFormatter={percentTick} {...axisStyle} />
        {measureLine('hitRate')}
        {measureLine('precision')}
        {measureLine('recall')}
        {measureLine('fBeta')}
        {markedThresholds(analysis)}
      </ComposedChart>
    </ResponsiveContainer>
  )
})

/** Wrong answers against the threshold, of hits and of lookups, with the bound that is asked for. */
export const WrongChart = memo(function WrongChart({ analysis, range, bound }: ThresholdChartProps & { bound: number }) {
  const shares = analysis.readings.flatMap(({ measures }) => [measures.falseHitShare ?? 0, measures.errorRate ?? 0])
  // What matters lies near the bound: a strict threshold with one hit, a wrong one, must not press it to the ground.
  const highest = Math.min(1.15 * Math.max(0, ...shares), Math.max(0.1, 5 * bound))
  const top = roundTop(Math.min(1, Math.max(0.02, 1.5 * bound, highest)))
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart data={[...analysis.readings]} {...common}>
        {gridLines}
        {similarityAxis('threshold', range)}
        <YAxis
          width={valueAxisWidth}
          domain={[0, top]}
          allowDataOverflow
          ticks={axisTicks(0, top, 5)}
          tickFormatter={percentTick}
          {...axisStyle}
        />
        {measureLine('falseHitShare')}
        {measureLine('errorRate')}
        <ReferenceLine y={bound} stroke="var(--ink)" strokeDasharray="6 3" />
        {markedThresholds(analysis)}
      </ComposedChart>
    </ResponsiveContainer>
  )
})

/** More places than a chart has pixels are not drawn. */
const mostPlaces = 400

/** Precision against recall. */
export const PrecisionRecallChart = memo(function PrecisionRecallChart({ analysis }: Pick<ThresholdChartProps, 'analysis'>) {
  const { precision, recall, baseline } = analysis.precisionRecall
  const stride = Math.max(1, Math.ceil(precision.length / mostPlaces))
  const places = Array.from(precision, (value, at) => ({ precision: value, recall: recall[at] ?? 0 })).filter(
    (_, at) => at % stride === 0 || at === precision.length - 1,
  )
  return (
    <ResponsiveContainer width="100%" height="100%">
      <LineChart data={places} {...common}>
        {gridLines}
        <XAxis dataKey="recall" type="number" domain={[0, 1]} ticks={[0, 0.25, 0.5, 0.75, 1]} tickFormatter={percentTick} {...axisStyle} />
        <YAxis width={valueAxisWidth} domain={[0, 1]} ticks={[0, 0.25, 0.5, 0.75, 1]} tickFormatter={percentTick} {...axisStyle} />
        {baseline !== null && <ReferenceLine y={baseline} stroke="var(--ink-faint)" strokeDasharray="2 3" />}
        <Line dataKey="precision" stroke={rightColour} strokeWidth={1.5} dot={false} activeDot={false} isAnimationActive={false} />
      </LineChart>
    </ResponsiveContainer>
  )
})

/** Expected gain of each lookup against the threshold. */
export const GainChart = memo(function GainChart({ analysis, range }: ThresholdChartProps) {
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart data={[...analysis.readings]} {...common}>
        {gridLines}
        {similarityAxis('threshold', range)}
        <YAxis
          width={valueAxisWidth}
          tickCount={5}
          tickFormatter={(value: number) => String(Number(value.toPrecision(2)))}
          {...axisStyle}
        />
        <ReferenceLine y={0} stroke="var(--ink-faint)" />
        <Area
          dataKey={({ gain }: { gain: number }) => (Number.isNaN(gain) ? null : gain)}
          stroke={rightColour}
          strokeWidth={1.5}
          fill={rightColour}
          fillOpacity={0.1}
          activeDot={false}
          isAnimationActive={false}
        />
        {markedThresholds(analysis)}
        {analysis.gainful !== null && <ReferenceLine x={analysis.gainful.threshold} stroke={rightColour} strokeDasharray="6 3" />}
      </ComposedChart>
    </ResponsiveContainer>
  )
})
