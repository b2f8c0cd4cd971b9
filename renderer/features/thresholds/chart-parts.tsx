import { Area, CartesianGrid, Line, ReferenceLine, XAxis } from 'recharts'
import type { CurveReading, ThresholdAnalysis } from '../../../shared/domain/thresholds/analyse.ts'
import { axisTicks } from '../../../shared/domain/thresholds/axis-ticks.ts'
import type { MeasureName } from '../../../shared/domain/thresholds/measures.ts'
import { measureColours } from './chart-colours.ts'
import type { SimilarityRange } from './chart-scale.ts'

export const axisStyle = { stroke: 'var(--line-strong)', tick: { fill: 'var(--ink-muted)', fontSize: 12 }, tickLine: false } as const
export const gridLines = <CartesianGrid vertical={false} stroke="var(--line)" />

/** The axis of similarity that charts share. */
export function similarityAxis(dataKey: string, range: SimilarityRange) {
  return (
    <XAxis
      dataKey={dataKey}
      type="number"
      domain={[range.from, range.to]}
      ticks={axisTicks(range.from, range.to)}
      interval={0}
      allowDataOverflow
      tickFormatter={(value: number) => String(value)}
      {...axisStyle}
    />
  )
}

/** The two thresholds that are always marked: the best on these labels, and the certified one. */
export function markedThresholds({ empirical, certified }: ThresholdAnalysis) {
  return [
    empirical && (
      <ReferenceLine key="empirical" x={empirical.threshold} stroke="var(--ink-muted)" strokeWidth={1.5} strokeDasharray="2 3" />
    ),
    certified.outcome === 'certified' && (
      <ReferenceLine key="certified" x={certified.level.threshold} stroke="var(--ink)" strokeWidth={1.5} />
    ),
  ]
}

/** One figure as a line with its confidence as a band. */
export function measureLine(name: MeasureName) {
  const colour = measureColours[name]
  return [
    <Area
      key={`${name}-band`}
      dataKey={({ bands }: CurveReading) => {
        const band = bands[name]
        return band === null ? null : [band.low, band.high]
      }}
      stroke="none"
      fill={colour}
      fillOpacity={0.13}
      activeDot={false}
      isAnimationActive={false}
    />,
    <Line
      key={name}
      dataKey={({ measures }: CurveReading) => measures[name]}
      stroke={colour}
      strokeWidth={1.5}
      dot={false}
      activeDot={false}
      isAnimationActive={false}
    />,
  ]
}
