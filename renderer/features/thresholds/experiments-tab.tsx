import { useMutation, useQuery } from '@tanstack/react-query'
import { FlaskConical, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Experiment } from '../../../shared/domain/thresholds/experiment.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatCount, formatRelativeTime, formatTime } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { Table, TableCell, TableRow } from '../../ui/table.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { ExperimentName } from './experiment-name.tsx'
import type { LabState } from './lab.tsx'
import { ThresholdValue } from './threshold-value.tsx'
import { formatBound, formatShare } from './threshold-words.ts'

/** Ten columns have to fit beside the list of collections. */
const narrow = 'px-2!'

const kinds: Readonly<Record<Experiment['evidence']['from'], string>> = {
  log: 'log',
  pairs: 'pairs',
  sample: 'pairs of the sample',
  'self-calibration': 'self-calibration',
}

/** Experiments that were saved, side by side: evidence, settings and what came of them. */
export function ExperimentsTab({ lab, onReopen }: { lab: LabState; onReopen: (experiment: Experiment) => void }) {
  const client = useClient()
  const now = useNow()
  const { collection, source, settings, present, candidate, analysis } = lab
  const [name, setName] = useState('')
  const { data, error, refetch, isFetching } = useQuery(client.query('thresholds.experiments', collection))
  const save = useMutation(client.mutation('thresholds.saveExperiment'))
  const remove = useMutation(client.mutation('thresholds.removeExperiment'))
  const submit = (): void =>
    save.mutate(
      {
        ...collection,
        experiment: { name: name.trim(), evidence: source, settings: { ...settings, present, candidate }, result: analysis.result },
      },
      { onSuccess: () => setName('') },
    )
  return (
    <div className="flex flex-col gap-4">
      <form
        className="flex items-center gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim() !== '') submit()
        }}
      >
        <TextInput
          aria-label="Name of the experiment"
          placeholder="Name of the experiment"
          maxLength={200}
          value={name}
          onValueChange={setName}
          className="w-72"
        />
        <Button type="submit" variant="primary" disabled={name.trim() === ''} busy={save.isPending}>
          Save this experiment
        </Button>
        <span className="text-small text-ink-muted">Evidence, settings and result, as they are now.</span>
      </form>
      {error !== null ? (
        <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />
      ) : data === undefined ? (
        <SkeletonLines count={6} />
      ) : data.length === 0 ? (
        <EmptyState icon={<FlaskConical />} title="No experiment is saved">
          Save one, change the bound, the evidence or the labels, and save another to compare them.
        </EmptyState>
      ) : (
        <Table
          label="Experiments"
          columns={[
            { name: 'Experiment', className: narrow },
            { name: 'Promise', className: narrow },
            { name: 'Labels', align: 'end', className: narrow },
            { name: 'Certified', align: 'end', className: narrow },
            { name: 'Hits there', align: 'end', className: narrow },
            { name: 'Best F', align: 'end', className: narrow },
            { name: 'Best gain', align: 'end', className: narrow },
            { name: 'Avg. precision', align: 'end', className: narrow },
            { name: 'Present, candidate', align: 'end', className: narrow },
            { name: 'Actions', hideName: true, className: narrow },
          ]}
        >
          {data.map((experiment) => {
            const { id, createdAt, evidence, settings: own, result } = experiment
            return (
              <TableRow key={id}>
                <TableCell className={`max-w-52 ${narrow}`}>
                  <ExperimentName collection={collection} experiment={experiment} />
                  <span className="block truncate text-small text-ink-muted" title={formatTime(createdAt)}>
                    {formatRelativeTime(createdAt, now)},{' '}
                    <UntrustedText text={'name' in evidence && evidence.name !== '' ? evidence.name : kinds[evidence.from]} limit={120} />
                  </span>
                </TableCell>
                <TableCell className={`whitespace-nowrap ${narrow}`}>
                  <span title={result.statement}>
                    {formatBound(own.guarantee.bound)} of {own.guarantee.of}, {formatBound(own.guarantee.confidence)}
                  </span>
                </TableCell>
                <TableCell align="end" className={narrow}>
                  {formatCount(result.labels.right + result.labels.wrong)}
                </TableCell>
                <TableCell align="end" className={narrow}>
                  <ThresholdValue value={result.certified?.threshold} />
                </TableCell>
                <TableCell align="end" className={narrow}>
                  {formatShare(result.certified?.hitRate)}
                </TableCell>
                <TableCell align="end" className={narrow}>
                  <ThresholdValue value={result.empirical?.threshold} />
                </TableCell>
                <TableCell align="end" className={narrow}>
                  <ThresholdValue value={result.gainful?.threshold} />
                </TableCell>
                <TableCell align="end" className={narrow}>
                  {result.averagePrecision?.toFixed(3) ?? 'none'}
                </TableCell>
                <TableCell align="end" className={narrow}>
                  <ThresholdValue value={own.present} />, <ThresholdValue value={own.candidate} />
                </TableCell>
                <TableCell className={narrow}>
                  <span className="flex items-center gap-1">
                    <Button size="small" variant="ghost" onClick={() => onReopen(experiment)}>
                      Open
                    </Button>
                    <IconButton
                      size="small"
                      label={`Delete the experiment ${experiment.name}`}
                      icon={<Trash2 aria-hidden="true" />}
                      onClick={() => remove.mutate({ ...collection, experimentId: id })}
                    />
                  </span>
                </TableCell>
              </TableRow>
            )
          })}
        </Table>
      )}
    </div>
  )
}
