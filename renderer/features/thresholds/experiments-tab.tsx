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
import { ExperimentName } from './experiment-name.tsx'
import type { LabState } from './lab.tsx'
import { formatBound, formatShare, formatThreshold } from './threshold-words.ts'

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
            { name: 'Name' },
            { name: 'Saved' },
            { name: 'Evidence' },
            { name: 'Promise' },
            { name: 'Labels', align: 'end' },
            { name: 'Certified', align: 'end' },
            { name: 'Hits there', align: 'end' },
            { name: 'Best', align: 'end' },
            { name: 'Best gain', align: 'end' },
            { name: 'Average precision', align: 'end' },
            { name: 'Present', align: 'end' },
            { name: 'Candidate', align: 'end' },
            { name: 'Actions' },
          ]}
        >
          {data.map((experiment) => {
            const { id, createdAt, evidence, settings: own, result } = experiment
            return (
              <TableRow key={id}>
                <TableCell className="max-w-56">
                  <ExperimentName collection={collection} experiment={experiment} />
                </TableCell>
                <TableCell className="whitespace-nowrap text-ink-muted">
                  <span title={formatTime(createdAt)}>{formatRelativeTime(createdAt, now)}</span>
                </TableCell>
                <TableCell className="max-w-40 truncate">
                  {'name' in evidence && evidence.name !== '' ? evidence.name : kinds[evidence.from]}
                </TableCell>
                <TableCell className="whitespace-nowrap">
                  <span title={result.statement}>
                    {formatBound(own.guarantee.bound)} of {own.guarantee.of}, {formatBound(own.guarantee.confidence)}
                  </span>
                </TableCell>
                <TableCell align="end">{formatCount(result.labels.right + result.labels.wrong)}</TableCell>
                <TableCell align="end">{result.certified === null ? 'none' : formatThreshold(result.certified.threshold)}</TableCell>
                <TableCell align="end">{formatShare(result.certified?.hitRate)}</TableCell>
                <TableCell align="end">{result.empirical === null ? 'none' : formatThreshold(result.empirical.threshold)}</TableCell>
                <TableCell align="end">{result.gainful === null ? 'none' : formatThreshold(result.gainful.threshold)}</TableCell>
                <TableCell align="end">{result.averagePrecision?.toFixed(3) ?? 'none'}</TableCell>
                <TableCell align="end">{formatThreshold(own.present)}</TableCell>
                <TableCell align="end">{formatThreshold(own.candidate)}</TableCell>
                <TableCell>
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
