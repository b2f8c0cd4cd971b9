import type { CurveReading } from '../../shared/domain/thresholds/analyse.ts'
import { axisTicks } from '../../shared/domain/thresholds/axis-ticks.ts'
import type { SimilarityBin } from '../../shared/domain/thresholds/histogram.ts'
import type { MeasureName } from '../../shared/domain/thresholds/measures.ts'

export interface ChartLine {
  readonly at: number
  readonly title: string
}

type Escape = (text: string) => string

const size = { width: 720, height: 240, left: 44, right: 12, top: 12, bottom: 58 }
const inner = { width: size.width - size.left - size.right, height: size.height - size.top - size.bottom }
const dashes = ['', '6 3', '2 3', '8 3 2 3']

interface Frame {
  readonly x: (similarity: number) => number
  readonly y: (share: number) => number
  readonly axes: string
}

function frame(from: number, to: number, top: number, ticks: (value: number) => string): Frame {
  const x = (value: number): number => size.left + ((value - from) / (to - from || 1)) * inner.width
  const y = (value: number): number => size.top + inner.height - (value / (top || 1)) * inner.height
  const across = axisTicks(from, to)
  const up = [0, 0.5, 1].map((share) => share * top)
  const axes = [
    ...up.map(
      (value) =>
        `<line x1="${size.left}" x2="${size.width - size.right}" y1="${y(value)}" y2="${y(value)}" stroke="#dfe3e8"/><text x="${size.left - 6}" y="${y(value) + 4}" text-anchor="end">${ticks(value)}</text>`,
    ),
    ...across.map((value) => `<text x="${x(value).toFixed(1)}" y="${size.top + inner.height + 16}" text-anchor="middle">${value}</text>`),
  ]
  return { x, y, axes: axes.join('') }
}

function marks({ x }: Frame, from: number, to: number, lines: readonly ChartLine[], escape: Escape): string {
  return lines
    .flatMap(({ at, title }, place) => {
      const legend = size.left + (place * inner.width) / lines.length
      const dash = `stroke-dasharray="${dashes[place % dashes.length] ?? ''}"`
      const bottom = size.height - 18
      const key = `<line x1="${legend}" x2="${legend + 22}" y1="${bottom}" y2="${bottom}" stroke="#1c1f24" ${dash}/><text x="${legend + 28}" y="${bottom + 4}">${escape(`${title}: ${Number(at.toFixed(4))}`)}</text>`
      if (at < from || at > to) return [key]
      return [
        `<line x1="${x(at).toFixed(1)}" x2="${x(at).toFixed(1)}" y1="${size.top}" y2="${size.top + inner.height}" stroke="#1c1f24" ${dash}/>`,
        key,
      ]
    })
    .join('')
}

function picture(title: string, content: string): string {
  return `<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${title}" font-size="11" fill="#1c1f24" font-family="system-ui, sans-serif">${content}</svg>`
}

/** How many lookups of each label lie at each similarity, stacked. */
export function histogramChart(bins: readonly SimilarityBin[], lines: readonly ChartLine[], escape: Escape): string {
  const [first, last] = [bins[0], bins.at(-1)]
  if (!first || !last) return '<p class="quiet">There are no lookups with a similarity.</p>'
  const top = Math.max(...bins.map(({ right, wrong, unknown }) => right + wrong + unknown), 1)
  const axes = frame(first.from, last.to, top, (value) => String(Math.round(value)))
  const bars = bins.flatMap(({ from, to, right, wrong, unknown }) => {
    const parts = [
      [right, '#0b6e5f'],
      [wrong, '#c2410c'],
      [unknown, '#b6bec8'],
    ] as const
    let below = 0
    return parts.flatMap(([count, colour]) => {
      if (count === 0) return []
      below += count
      const width = Math.max(0.5, axes.x(to) - axes.x(from) - 0.5)
      return [
        `<rect x="${axes.x(from).toFixed(1)}" y="${axes.y(below).toFixed(1)}" width="${width.toFixed(1)}" height="${(axes.y(0) - axes.y(count)).toFixed(1)}" fill="${colour}"/>`,
      ]
    })
  })
  const key = `<figcaption>Right answers in green, wrong ones in orange, lookups without a label in grey.</figcaption>`
  return picture('Histogram of similarity by label', axes.axes + bars.join('') + marks(axes, first.from, last.to, lines, escape)) + key
}

const curves: readonly [MeasureName, string, string][] = [
  ['hitRate', '#475569', 'hit rate'],
  ['precision', '#0b6e5f', 'precision'],
  ['recall', '#1d4ed8', 'recall'],
  ['errorRate', '#c2410c', 'error rate'],
]

/** Hit rate, precision, recall and error rate against the threshold, the error rate with its band. */
export function curveChart(readings: readonly CurveReading[], lines: readonly ChartLine[], escape: Escape): string {
  const [strict, loose] = [readings[0], readings.at(-1)]
  if (!strict || !loose) return '<p class="quiet">There are no lookups with a similarity.</p>'
  const [from, to] = [loose.threshold, strict.threshold]
  const axes = frame(from, to, 1, (value) => `${Math.round(value * 100)}%`)
  const point = (threshold: number, value: number): string => `${axes.x(threshold).toFixed(1)},${axes.y(value).toFixed(1)}`
  const drawn = curves.filter(([name]) => readings.filter(({ measures }) => measures[name] !== null).length > 1)
  const paths = drawn.map(([name, colour]) => {
    const points = readings.flatMap(({ threshold, measures }) => {
      const value = measures[name]
      return value === null ? [] : [point(threshold, value)]
    })
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`
  })
  const band = readings.flatMap(({ threshold, bands }) => (bands.errorRate === null ? [] : [{ threshold, ...bands.errorRate }]))
  const area =
    band.length < 2
      ? ''
      : `<polygon points="${[...band.map(({ threshold, high }) => point(threshold, high)), ...band.toReversed().map(({ threshold, low }) => point(threshold, low))].join(' ')}" fill="#c2410c" fill-opacity="0.15"/>`
  const key = drawn.map(([, colour, title]) => `<span style="color:${colour}">${title}</span>`).join(', ')
  return (
    picture('Figures against the threshold', axes.axes + area + paths.join('') + marks(axes, from, to, lines, escape)) +
    `<figcaption>${key}${area === '' ? '' : '; the error rate with its confidence band'}.</figcaption>`
  )
}
