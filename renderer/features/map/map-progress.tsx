import { Snowflake } from 'lucide-react'
import type { MapFrame } from '../../../shared/contract/maps.ts'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import type { OpenMap } from './use-map.ts'

const stageWords: Record<MapFrame['stage'], string> = {
  reading: 'Reading vectors',
  pca: 'First picture; looking for neighbours',
  layout: 'Laying out',
  placing: 'Placing the rest',
  done: '',
  frozen: 'Frozen before it was settled',
  stopped: 'Stopped; this picture is not kept',
}

function methodWord({ method, laidOut, placed }: MapFrame): string {
  const name = method === 'umap' ? 'UMAP' : method === 'pca' ? 'PCA' : 'As stored'
  return placed === 0
    ? `${name} of ${formatCount(laidOut)}`
    : `${name} of ${formatCount(laidOut)}, ${formatCount(placed)} placed by their neighbours`
}

interface MapProgressProps {
  readonly map: OpenMap
  /** How many of the open record's true neighbours are near it on the map; null where no record is open. */
  readonly nearby: { readonly near: number; readonly of: number } | null
}

/** How far the map is while it is made, and how far it can be trusted afterwards. */
export function MapProgress({ map, nearby }: MapProgressProps) {
  const { progress, shown, job, freeze, cancel, reopen } = map
  const frame = progress ?? shown?.frame ?? null
  const isLayout = frame?.stage === 'layout'
  const isMeasured = frame?.final === true
  const isMoving = job !== null || (frame !== null && !frame.final)
  if (isMoving) {
    return (
      <div className="flex flex-col gap-1.5 text-small" role="status">
        <span className="text-ink-muted">
          {frame === null ? 'Opening the map' : isMeasured ? 'Measuring how far it can be trusted' : stageWords[frame.stage]}
          {isLayout && frame.epochs > 0 && <span className="numeric"> {Math.round((100 * frame.epoch) / frame.epochs)}%</span>}
        </span>
        <ProgressBar
          label="The map"
          done={isLayout ? frame.epoch : (job?.done ?? 0)}
          total={isLayout ? frame.epochs : isMeasured ? null : (job?.total ?? null)}
        />
        <div className="flex gap-1.5">
          {isLayout && (
            <Button size="small" icon={<Snowflake aria-hidden="true" />} onClick={freeze}>
              Freeze
            </Button>
          )}
          {job !== null && (
            <Button size="small" variant="ghost" onClick={cancel}>
              Cancel
            </Button>
          )}
        </div>
      </div>
    )
  }
  if (frame === null) return null
  const { trustworthiness, withoutVector, unplaced, stage, notes } = frame
  return (
    <div className="flex flex-col gap-0.5 text-small text-ink-muted">
      <span>{methodWord(frame)}</span>
      {trustworthiness !== null && (
        <span
          title={`How few of a record's ${trustworthiness.neighbours} nearest on the map are far from it in truth: 1 is best. Measured on ${formatCount(trustworthiness.points)} records.`}
        >
          Trustworthiness <span className="numeric text-ink">{trustworthiness.value.toFixed(3)}</span>
        </span>
      )}
      {nearby !== null && (
        <span>
          {nearby.near === nearby.of ? 'All' : <span className="numeric text-ink">{nearby.near}</span>} of the open record’s{' '}
          {formatQuantity(nearby.of, 'true neighbour')} {nearby.near === 1 ? 'is' : 'are'} nearest on the map too
        </span>
      )}
      {stageWords[stage] !== '' && <span>{stageWords[stage]}</span>}
      {stage === 'stopped' && (
        <Button size="small" className="my-1 self-start" onClick={reopen}>
          Draw it again
        </Button>
      )}
      {withoutVector > 0 && <span>{formatCount(withoutVector)} without a vector</span>}
      {unplaced > 0 && <span>{formatCount(unplaced)} without a place</span>}
      {notes.map((note) => (
        <span key={note}>{note}</span>
      ))}
    </div>
  )
}
