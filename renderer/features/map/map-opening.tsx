import { Ban, Map as MapIcon } from 'lucide-react'
import type { MapFrame } from '../../../shared/contract/maps.ts'
import { isCancelled } from '../../lib/describe-error.ts'
import { formatCount } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import type { OpenMap } from './use-map.ts'

/** Whether a map is final and none of its records has a place. */
export function hasNoPlaces({ final, laidOut, placed }: MapFrame): boolean {
  return final && laidOut + placed === 0
}

/** What stands in the place of a map that has no picture: how far it is, why there is none, or what went wrong. */
export function MapOpening({ map }: { map: OpenMap }) {
  const { shown, progress, job, error, reopen, cancel } = map
  const isStopped = isCancelled(error) || (error === null && progress?.stage === 'stopped')
  if (isStopped) {
    return (
      <EmptyState icon={<Ban />} title="The map was not drawn" action={<Button onClick={reopen}>Draw the map</Button>}>
        Reading the vectors was cancelled. Nothing was changed.
      </EmptyState>
    )
  }
  if (error !== null) return <QueryError error={error} onRetry={reopen} />
  if (shown !== null) {
    const { withoutVector, unplaced, notes } = shown.frame
    if (unplaced > 0) {
      return (
        <EmptyState icon={<MapIcon />} title="No record has a place on the map">
          {notes.join(' ')} The records are in the Records tab.
        </EmptyState>
      )
    }
    return (
      <EmptyState icon={<MapIcon />} title={withoutVector > 0 ? 'No record has a place on the map' : 'Nothing to map yet'}>
        {withoutVector > 0
          ? `None of the ${formatCount(withoutVector)} records has a vector that can be read. They are in the Records tab.`
          : 'The map shows every record near what is similar to it. This collection holds no records; what is added to it appears here.'}
      </EmptyState>
    )
  }
  const total = job?.total ?? null
  return (
    <div role="status" aria-label="Opening the map" className="m-auto flex w-72 flex-col items-center gap-3 p-6 text-small text-ink-muted">
      <span>
        {job?.stage ?? 'Opening the map'}
        {job !== null && total !== null && total > 1 && (
          <span className="numeric">
            {' '}
            {formatCount(job.done)} of {formatCount(total)}
          </span>
        )}
      </span>
      <ProgressBar label="Opening the map" done={job?.done ?? 0} total={total !== null && total > 1 ? total : null} className="w-full" />
      {job !== null && (
        <Button size="small" onClick={cancel}>
          Cancel
        </Button>
      )}
    </div>
  )
}
