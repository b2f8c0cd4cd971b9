import {
  Bar,
  BarChart,
  CartesianGrid,
  ComposedChart,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { assumedThreshold, type LogFilter, type LogOverview, type OutcomeCounts } from '../../../shared/contract/lookup-logs.ts'
import { formatCount, formatTime } from '../../lib/format.ts'
import { ThresholdLine } from '../../ui/threshold-line.tsx'
import { ChartFrame } from './chart-frame.tsx'
import { NamespaceBars } from './namespace-bars.tsx'
import { countsInWords, formatLatency, formatPercent, formatSimilarity, hitRateOf, hitsOf } from './outcome-words.ts'

const axis = { stroke: 'var(--line-strong)', tick: { fill: 'var(--ink-muted)', fontSize: 12 }, tickLine: false } as const
const grid = <CartesianGrid vertical={false} stroke="var(--line)" />
const margin = { top: 16, right: 8, bottom: 0, left: 0 }
/** The place of the bars of similarities in their chart, in pixels: what its axes and margin leave. */
const countWidth = 44
const tickHeight = 20
const plotOfBars = { top: 0, right: margin.right, bottom: tickHeight, left: margin.left + countWidth }
const cursor = { fill: 'var(--hover)' }

function withParts<Bin extends OutcomeCounts & { from: number; to: number }>(bin: Bin) {
  return { ...bin, middle: (bin.from + bin.to) / 2, hits: hitsOf(bin), otherMisses: bin.miss - bin.nearMiss, rate: hitRateOf(bin) }
}

/** An exact hit says nothing about similarities: its own is 1. */
function withoutExact<Bin extends OutcomeCounts>(bin: Bin): Bin {
  return { ...bin, exact: 0 }
}

/** A bar takes its width from the next one, and a single one has none: pixels. */
function onlyBar(bins: readonly unknown[]): number | undefined {
  return bins.length === 1 ? 48 : undefined
}

/** Multiples of a tenth, or the ends where there are less than two. */
function tenths([from, to]: readonly [number, number]): number[] {
  const first = Math.ceil(from * 10)
  const found = Array.from({ length: Math.max(0, Math.floor(to * 10) - first + 1) }, (_, place) => (first + place) / 10)
  return found.length < 2 ? [from, to] : found
}

function latencyTick(milliseconds: number): string {
  if (milliseconds === 0) return '0'
  return milliseconds >= 1000 ? `${milliseconds / 1000} s` : `${milliseconds} ms`
}

/** The bars of hits, near misses and other misses, one on the other. */
const outcomeBars = [
  <Bar key="hits" dataKey="hits" yAxisId="count" stackId="all" fill="var(--hit)" isAnimationActive={false} />,
  <Bar key="near" dataKey="nearMiss" yAxisId="count" stackId="all" fill="var(--near)" isAnimationActive={false} />,
  <Bar key="miss" dataKey="otherMisses" yAxisId="count" stackId="all" fill="var(--miss)" fillOpacity={0.55} isAnimationActive={false} />,
]
const outcomeLegend = [
  { name: 'hits', color: 'var(--hit)' },
  { name: 'near misses', color: 'var(--near)' },
  { name: 'other misses', color: 'color-mix(in srgb, var(--miss) 55%, transparent)' },
]

/** A line through the bin that the arrow keys chose. */
function chosenBin(bins: readonly { middle: number }[], chosen: number | null, axisId?: string) {
  const bin = chosen === null ? undefined : bins[chosen]
  return bin && <ReferenceLine {...(axisId === undefined ? {} : { yAxisId: axisId })} x={bin.middle} stroke="var(--ink-faint)" />
}

const day = 86_400_000

/** How the axis writes times: by the clock within two days, else by the date. */
function timeTick(span: number): (time: number) => string {
  const format = new Intl.DateTimeFormat(
    'en-GB',
    span <= 2 * day ? { hour: '2-digit', minute: '2-digit' } : { day: 'numeric', month: 'short' },
  )
  return (time) => format.format(time)
}

export interface LogChartsProps {
  overview: LogOverview
  /** Of all views of the collection; null until it is known. */
  threshold: number | null
  onThreshold: (threshold: number) => void
  /** The one most lookups were made with; null where the log names none. */
  logThreshold: number | null
  onFilter: (part: Partial<LogFilter>) => void
}

/** Hits over time, latency over time and similarities, each bar or point leading to its lookups. */
export function LogCharts({ overview, threshold, onThreshold, logThreshold, onFilter }: LogChartsProps) {
  const times = overview.overTime.map(withParts)
  const similarities = overview.similarity.map(withoutExact).map(withParts)
  const timeDomain: [number, number] = [times[0]?.from ?? 0, times.at(-1)?.to ?? 1]
  const line = threshold ?? logThreshold ?? assumedThreshold
  const similarityDomain: [number, number] = [Math.min(similarities[0]?.from ?? 0, line), Math.max(similarities.at(-1)?.to ?? 1, 1)]
  const used = logThreshold ?? line
  const isMoved = Math.abs(line - used) > 1e-9
  const tick = timeTick(timeDomain[1] - timeDomain[0])
  const inTime = (bin: number): void => {
    const found = times[bin]
    if (found) onFilter({ from: found.from, to: found.to })
  }
  const whenOf = ({ from, to }: { from: number; to: number }): string => `${formatTime(from)} to ${formatTime(to)}`
  const timeAxis = (
    <XAxis
      dataKey="middle"
      type="number"
      scale="time"
      domain={timeDomain}
      tickFormatter={tick}
      minTickGap={48}
      height={tickHeight}
      {...axis}
    />
  )
  const noTime = 'No lookup of these has a time. Choose its column under “Columns”.'
  return (
    <div className="grid grid-cols-1 gap-x-6 gap-y-2 xl:grid-cols-2">
      <ChartFrame
        title="Hit rate over time"
        legend={[...outcomeLegend, { name: 'hit rate', color: 'var(--ink)' }]}
        bins={times}
        empty={noTime}
        describe={(bin) => `${whenOf(bin)}: ${countsInWords(bin)}${bin.rate === null ? '' : `, hit rate ${formatPercent(bin.rate)}`}`}
        onPick={inTime}
        renderChart={(handlers, chosen) => (
          <ResponsiveContainer width="100%" height="100%">
            <ComposedChart
              data={times}
              barSize={onlyBar(times)}
              margin={margin}
              accessibilityLayer={false}
              {...handlers}
              barCategoryGap={1}
            >
              {grid}
              {timeAxis}
              <YAxis yAxisId="count" width={countWidth} allowDecimals={false} tickFormatter={formatCount} {...axis} />
              <YAxis
                yAxisId="rate"
                orientation="right"
                width={44}
                domain={[0, 1]}
                ticks={[0, 0.5, 1]}
                tickFormatter={(share: number) => `${share * 100}%`}
                {...axis}
              />
              <Tooltip cursor={cursor} content={() => null} />
              {outcomeBars}
              {chosenBin(times, chosen, 'count')}
              <Line
                dataKey="rate"
                yAxisId="rate"
                stroke="var(--ink)"
                strokeWidth={1.5}
                dot={false}
                activeDot={false}
                connectNulls
                isAnimationActive={false}
              />
            </ComposedChart>
          </ResponsiveContainer>
        )}
      />
      <ChartFrame
        title="Similarity of the nearest entry"
        note={overview.exact > 0 ? `without ${formatCount(overview.exact)} exact hits` : undefined}
        legend={[
          ...outcomeLegend,
          { name: 'threshold', color: 'var(--accent)' },
          ...(isMoved
            ? [
                {
                  name: `the log’s, ${formatSimilarity(used)}`,
                  color: 'var(--ink-muted)',
                  dashed: true,
                },
              ]
            : []),
        ]}
        bins={similarities}
        empty="No lookup of these has a similarity. Choose the column of a similarity or a distance under “Columns”."
        describe={(bin) => `${formatSimilarity(bin.from)} to ${formatSimilarity(bin.to)}: ${countsInWords(bin)}`}
        onPick={(bin) => {
          const found = similarities[bin]
          if (found) onFilter({ minSimilarity: found.from, maxSimilarity: found.to, outcomes: ['semantic-hit', 'hit', 'miss'] })
        }}
        overlay={
          <div className="pointer-events-none absolute" style={plotOfBars}>
            <ThresholdLine value={line} from={similarityDomain[0]} to={similarityDomain[1]} onValueChange={onThreshold} />
          </div>
        }
        renderChart={(handlers, chosen) => (
          <ResponsiveContainer width="100%" height="100%">
            <BarChart
              data={similarities}
              barSize={onlyBar(similarities)}
              margin={margin}
              accessibilityLayer={false}
              {...handlers}
              barCategoryGap={1}
            >
              {grid}
              <XAxis
                dataKey="middle"
                type="number"
                domain={similarityDomain}
                ticks={tenths(similarityDomain)}
                height={tickHeight}
                interval={0}
                tickFormatter={(value: number) => String(Math.round(value * 1000) / 1000)}
                {...axis}
              />
              <YAxis yAxisId="count" width={countWidth} allowDecimals={false} tickFormatter={formatCount} {...axis} />
              <Tooltip cursor={cursor} content={() => null} />
              {outcomeBars}
              {chosenBin(similarities, chosen, 'count')}
              {isMoved && <ReferenceLine yAxisId="count" x={used} stroke="var(--ink-muted)" strokeDasharray="2 3" ifOverflow="hidden" />}
            </BarChart>
          </ResponsiveContainer>
        )}
      />
      <ChartFrame
        title="Latency over time"
        legend={[
          { name: 'p50', color: 'var(--ink)' },
          { name: 'p95', color: 'var(--ink-faint)', dashed: true },
        ]}
        bins={overview.latency === null ? [] : times}
        empty={overview.latency === null ? 'No lookup of these has a latency. Choose its column under “Columns”.' : noTime}
        describe={(bin) =>
          bin.latencyP50 === null || bin.latencyP95 === null
            ? `${whenOf(bin)}: no latency`
            : `${whenOf(bin)}: p50 ${formatLatency(bin.latencyP50)}, p95 ${formatLatency(bin.latencyP95)}`
        }
        onPick={inTime}
        renderChart={(handlers, chosen) => (
          <ResponsiveContainer width="100%" height="100%">
            <LineChart data={times} margin={margin} accessibilityLayer={false} {...handlers}>
              {grid}
              {timeAxis}
              <YAxis width={64} tickFormatter={latencyTick} {...axis} />
              <Tooltip cursor={{ stroke: 'var(--line-strong)' }} content={() => null} />
              {chosenBin(times, chosen)}
              <Line dataKey="latencyP50" stroke="var(--ink)" strokeWidth={1.5} dot={false} connectNulls isAnimationActive={false} />
              <Line
                dataKey="latencyP95"
                stroke="var(--ink-faint)"
                strokeDasharray="4 3"
                strokeWidth={1.5}
                dot={false}
                connectNulls
                isAnimationActive={false}
              />
            </LineChart>
          </ResponsiveContainer>
        )}
      />
      <NamespaceBars namespaces={overview.namespaces} onPick={(is) => onFilter({ namespace: { is } })} />
    </div>
  )
}
