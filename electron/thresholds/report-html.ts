import type { ThresholdAnalysis } from '../../shared/domain/thresholds/analyse.ts'
import { placeOf } from '../../shared/domain/thresholds/curve.ts'
import type { LabelSource } from '../../shared/domain/thresholds/evidence.ts'
import type { ThresholdReport, ThresholdSettings } from '../../shared/domain/thresholds/experiment.ts'
import { thresholdFlips } from '../../shared/domain/thresholds/flips.ts'
import { measureBands, measuresAt, type MeasureName } from '../../shared/domain/thresholds/measures.ts'
import { curveChart, histogramChart } from './report-charts.ts'

export interface ReportContent {
  readonly report: ThresholdReport
  readonly analysis: ThresholdAnalysis
  readonly settings: ThresholdSettings
  readonly evidenceName: string
  readonly notes: readonly string[]
}

/** Text as it may stand in HTML, also inside quotes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

const style = `
:root { color-scheme: light; }
body { font: 14px/1.5 system-ui, sans-serif; color: #1c1f24; background: #fff; max-width: 46rem; margin: 2rem auto; padding: 0 1.25rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
td.short, th[scope=row] { white-space: nowrap; }
h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; break-after: avoid; }
p { margin: .5rem 0; }
.lead { font-size: 1.1rem; border-left: 3px solid #0b6e5f; padding: .25rem 0 .25rem .9rem; margin: 1rem 0; }
.quiet, figcaption { color: #5a626d; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #dfe3e8; vertical-align: top; }
td.number, th.number { text-align: right; }
th { font-weight: 600; }
tr, figure { break-inside: avoid; }
figure { margin: .75rem 0; }
svg { width: 100%; height: auto; }
@page { margin: 16mm; }
@media print {
  body { font-size: 9pt; line-height: 1.4; margin: 0; max-width: none; padding: 0; print-color-adjust: exact; }
  h2 { margin: 1rem 0 .25rem; }
  th, td { padding-top: .15rem; padding-bottom: .15rem; }
  figure { margin: .4rem 0; }
  svg { max-height: 44mm; }
  thead { display: table-header-group; }
  h2, .lead { break-after: avoid; }
}
`

const measures: readonly [MeasureName, string, string][] = [
  ['hitRate', 'Hit rate', 'hits of all lookups'],
  ['precision', 'Precision', 'right answers of hits'],
  ['recall', 'Recall', 'hits of lookups that an entry answers'],
  ['fBeta', 'F-beta', 'precision and recall together'],
  ['falseHitShare', 'False-hit share', 'wrong answers of hits'],
  ['errorRate', 'Error rate', 'wrong answers of all lookups'],
]

function percent(share: number | null): string {
  return share === null ? 'not known' : `${(share * 100).toFixed(1)}%`
}

/** A share that somebody chose, without needless decimals. */
function chosen(share: number): string {
  return `${Number((share * 100).toFixed(3))}%`
}

const givers: Readonly<Record<LabelSource, string>> = {
  human: 'people',
  log: 'the evidence itself',
  weak: 'agreeing or differing answers of entries (weak)',
}

function similarity(value: number): string {
  return String(Number(value.toFixed(4)))
}

function row(cells: readonly string[], numbers: readonly number[] = [], short: readonly number[] = []): string {
  const kind = (at: number): string => (numbers.includes(at) ? ' class="number"' : short.includes(at) ? ' class="short"' : '')
  return `<tr>${cells.map((cell, at) => `<td${kind(at)}>${escapeHtml(cell)}</td>`).join('')}</tr>`
}

function head(cells: readonly string[], numbers: readonly number[] = []): string {
  return `<thead><tr>${cells.map((cell, at) => `<th scope="col"${numbers.includes(at) ? ' class="number"' : ''}>${escapeHtml(cell)}</th>`).join('')}</tr></thead>`
}

function figuresTable({ analysis, settings, report }: ReportContent): string {
  const { curve } = analysis
  const { beta, guarantee, present } = settings
  const [now, then] = [placeOf(curve, present), placeOf(curve, report.threshold)]
  const [before, after] = [measuresAt(curve, now, beta), measuresAt(curve, then, beta)]
  const bands = measureBands(curve, then, beta, guarantee.confidence)
  const rows = measures.map(([name, title, meaning]) => {
    const band = bands[name]
    const range = band === null ? '' : `${percent(band.low)} to ${percent(band.high)}`
    return row([`${name === 'fBeta' ? `F${beta}` : title}: ${meaning}`, percent(before[name]), percent(after[name]), range], [1, 2, 3])
  })
  const heading = ['', `At ${similarity(present)}, now`, `At ${similarity(report.threshold)}`, `${chosen(guarantee.confidence)} interval`]
  return `<table>${head(heading, [1, 2, 3])}<tbody>${rows.join('')}</tbody></table>`
}

function flipsTable({ analysis, settings, report }: ReportContent): string {
  const flips = thresholdFlips(analysis.part, settings.present, report.threshold)
  const rows = [
    ['Misses that become hits', flips.gainedRight, flips.gainedWrong, flips.gainedUnknown],
    ['Hits that become misses', flips.lostRight, flips.lostWrong, flips.lostUnknown],
  ] as const
  const body = rows.map(([title, ...counts]) => row([title, ...counts.map(({ length }) => String(length))], [1, 2, 3]))
  return `<table>${head(['', 'Right answers', 'Wrong answers', 'Without a label'], [1, 2, 3])}<tbody>${body.join('')}</tbody></table>`
}

/** How the threshold of the report stands to the certified one, which the statement is about; null where it is the same. */
function ownStatement({ report, analysis, settings }: ReportContent): string | null {
  const { certified } = report.result
  const { threshold, guarantee } = report
  if (certified === null || certified.threshold === threshold) return null
  const place = placeOf(analysis.curve, threshold)
  const name = guarantee.of === 'hits' ? 'falseHitShare' : 'errorRate'
  const share = measuresAt(analysis.curve, place, settings.beta)[name]
  const band = measureBands(analysis.curve, place, settings.beta, guarantee.confidence)[name]
  const range = band === null ? '' : `, ${percent(band.low)} to ${percent(band.high)} with ${chosen(guarantee.confidence)} confidence`
  const side =
    threshold < certified.threshold
      ? 'looser than the certified one, so the promise does not hold for it'
      : 'stricter than the certified one'
  return `This report is about ${similarity(threshold)}, which is ${side}. Its wrong answers are ${percent(share)} of the labelled ${guarantee.of}${range}.`
}

function gainfulText({ threshold, gain }: NonNullable<ThresholdReport['result']['gainful']>): string {
  const gained = `a gain of ${Number(gain.toPrecision(3))} per lookup`
  return threshold > 1 ? `no semantic hits, ${gained}` : `${similarity(threshold)}, ${gained}; not a promise`
}

/** A report as a page that needs nothing else: no scripts, nothing to load, all text escaped. */
export function reportHtml(content: ReportContent): string {
  const { report, analysis, settings, evidenceName, notes } = content
  const { labels, result, guarantee } = report
  const { costs } = settings
  const own = ownStatement(content)
  const facts: [string, string][] = [
    ['Collection', report.collection],
    [
      'Threshold',
      `${similarity(report.threshold)} ${report.metric}, which is a distance of ${similarity(report.distance)} in ${report.space}`,
    ],
    ['Threshold now', similarity(settings.present)],
    ['Evidence', `${evidenceName}${settings.group === null ? '' : `, ${settings.groupBy ?? 'namespace'} ${settings.group}`}`],
    [
      'Labels',
      `${labels.right} right, ${labels.wrong} wrong, ${labels.unknown} lookups without one; counted where given by ${labels.sources.map((source) => givers[source]).join(' or ')}`,
    ],
    [
      'Guarantee asked for',
      `wrong answers at most ${chosen(guarantee.bound)} of ${guarantee.of}, with ${chosen(guarantee.confidence)} confidence`,
    ],
    [
      'Certified threshold',
      result.certified === null
        ? 'none'
        : `${similarity(result.certified.threshold)}${result.certified.isExact ? '' : ', approximately: labels weigh unlike each other'}`,
    ],
    [
      'Best on these labels',
      result.empirical === null ? 'not known' : `${similarity(result.empirical.threshold)} by F${settings.beta}; not a promise`,
    ],
    [
      'Costs',
      `a right hit is worth ${costs.hit}${costs.perCall ? ' on the mean, each by what its call costs' : ''}, a wrong answer costs ${costs.wrong}, a lookup ${costs.lookup}`,
    ],
    ['Best by these costs', result.gainful === null ? 'not known' : gainfulText(result.gainful)],
    ['Average precision', percent(result.averagePrecision)],
    ['Embedder', report.embedder ?? 'not known'],
    ['Date', `${report.date.slice(0, 16).replace('T', ' ')} UTC`],
  ]
  const lines = [
    { at: report.threshold, title: 'This threshold' },
    { at: settings.present, title: 'Now' },
    ...(result.certified === null ? [] : [{ at: result.certified.threshold, title: 'Certified' }]),
    ...(result.empirical === null ? [] : [{ at: result.empirical.threshold, title: 'Best on these labels' }]),
  ]
  const units = report.units.map(({ label, hit, value, warning }) => row([label, `${hit} ${value}`, warning ?? ''], [], [0, 1]))
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`Similarity threshold of ${report.collection}`)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeHtml(`Similarity threshold of ${report.collection}`)}</h1>
<p class="lead">${escapeHtml(result.statement)}</p>
${own === null ? '' : `<p>${escapeHtml(own)}</p>`}
${notes.map((note) => `<p class="quiet">${escapeHtml(note)}</p>`).join('\n')}
<table><tbody>${facts.map(([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`).join('')}</tbody></table>
<p class="quiet">The certified threshold: Clopper-Pearson bounds with fixed-sequence testing from strict to loose. It holds for lookups like those that were labelled, with the same embedder and entries.</p>
<h2>Figures</h2>
${figuresTable(content)}
<h2>What changes</h2>
${flipsTable(content)}
<h2>Similarity of lookups, by label</h2>
<figure>${histogramChart(analysis.histogram, lines, escapeHtml)}</figure>
<h2>Figures against the threshold</h2>
<figure>${curveChart(analysis.readings, lines, escapeHtml)}</figure>
<h2>In other scales</h2>
<table>${head(['Scale', 'Hit where', 'Mind'])}<tbody>${units.join('')}</tbody></table>
</body>
</html>
`
}
