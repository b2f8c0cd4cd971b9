import { useId } from 'react'
import type { Costs } from '../../../shared/domain/thresholds/cost.ts'
import type { MeasureName } from '../../../shared/domain/thresholds/measures.ts'
import { Table, TableCell, TableRow } from '../../ui/table.tsx'
import { formatGain, type Figures } from './figures.ts'
import {
  formatBound,
  formatInterval,
  formatShare,
  formatThreshold,
  thresholdTitle,
  measureMeanings,
  measureWords,
} from './threshold-words.ts'

const shown: readonly MeasureName[] = ['hitRate', 'precision', 'recall', 'fBeta', 'falseHitShare', 'errorRate']

/** Six columns have to fit beside a chart. */
const narrow = 'px-1.5!'

export interface FiguresTableProps {
  rows: readonly { name: string; figures: Figures }[]
  confidence: number
  costs: Costs
  onCandidate: (threshold: number) => void
}

/** The figures of the thresholds that matter, side by side; a threshold becomes the candidate by a click. */
export function FiguresTable({ rows, confidence, costs, onCandidate }: FiguresTableProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="flex min-w-0 flex-col gap-1">
      <div className="flex flex-wrap items-baseline gap-x-3">
        <h3 id={id} className="text-body font-strong text-ink">
          In figures
        </h3>
        <span className="text-small text-ink-muted">ranges hold with {formatBound(confidence)} confidence, each for itself</span>
      </div>
      <Table
        label="Figures of thresholds"
        columns={[{ name: 'Figure', className: narrow }, ...rows.map(({ name }) => ({ name, align: 'end' as const, className: narrow }))]}
      >
        <TableRow>
          <TableCell className={`text-ink-muted ${narrow}`}>Threshold</TableCell>
          {rows.map(({ name, figures }) => (
            <TableCell key={name} align="end" className={narrow}>
              <button
                type="button"
                title={['Make it the candidate.', thresholdTitle(figures.threshold)].filter((line) => line !== undefined).join('\n')}
                className="text-accent hover:underline"
                onClick={() => onCandidate(figures.threshold)}
              >
                {formatThreshold(figures.threshold)}
              </button>
            </TableCell>
          ))}
        </TableRow>
        {shown.map((measure) => (
          <TableRow key={measure}>
            <TableCell className={`whitespace-nowrap text-ink-muted ${narrow}`}>
              <span title={measureMeanings[measure]}>{measureWords[measure]}</span>
            </TableCell>
            {rows.map(({ name, figures }) => (
              <TableCell key={name} align="end" className={narrow}>
                <span title={formatInterval(figures.bands[measure])}>{formatShare(figures.measures[measure])}</span>
              </TableCell>
            ))}
          </TableRow>
        ))}
        <TableRow>
          <TableCell className={`whitespace-nowrap text-ink-muted ${narrow}`}>Gain of a lookup</TableCell>
          {rows.map(({ name, figures }) => (
            <TableCell key={name} align="end" className={narrow}>
              {formatGain(figures.gain, costs)}
            </TableCell>
          ))}
        </TableRow>
      </Table>
    </section>
  )
}
