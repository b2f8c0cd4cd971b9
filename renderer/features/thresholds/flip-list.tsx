import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { Check, X } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'
import type { EvidenceItem, GivenLabel } from '../../../shared/contract/thresholds.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatCount } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { Button } from '../../ui/button.tsx'
import { DiffText } from '../../ui/diff-text.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Section } from '../../ui/section.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { Table, TableCell, TableRow } from '../../ui/table.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { LabelBadge } from './label-badge.tsx'
import type { LabState } from './lab.tsx'

const pageSize = 50

export interface FlipPart {
  readonly name: 'right' | 'wrong' | 'without a label'
  /** Rows of the part of the evidence that is looked at. */
  readonly rows: Int32Array
}

export interface FlipListProps {
  lab: LabState
  title: string
  parts: readonly FlipPart[]
  none: string
  /** What it means that a labelled lookup is in the list. */
  meaning: { right: string; wrong: string }
}

type Shown = 'all' | FlipPart['name']

/** Lookups that flip one way, nearest to the present threshold first; each leads to its entry and can be labelled. */
export function FlipList({ lab, title, parts, none, meaning }: FlipListProps) {
  const client = useClient()
  const { collection, source, version, analysis, onOpen } = lab
  const [shown, setShown] = useState<Shown>('all')
  const [offset, setOffset] = useState(0)
  const all = useMemo(() => {
    const rows = parts.filter(({ name }) => shown === 'all' || name === shown).flatMap((part) => [...part.rows])
    return rows.map((row) => analysis.rows[row] ?? 0)
  }, [parts, shown, analysis])
  const start = offset < all.length ? offset : 0
  const rows = useDeferredValue(useMemo(() => all.slice(start, start + pageSize), [all, start]))
  const sourced = { ...collection, source, embedderId: null }
  const { data, error, refetch, isFetching } = useQuery({
    ...client.query('thresholds.rows', { ...sourced, version, rows }),
    enabled: rows.length > 0,
    placeholderData: keepPreviousData,
    gcTime: 30_000,
  })
  const label = useMutation(client.mutation('thresholds.label'))
  const give = (key: string, value: GivenLabel): void => label.mutate({ ...sourced, key, label: value, chosenBy: 'person' })
  const total = parts.reduce((sum, part) => sum + part.rows.length, 0)
  const count = (name: FlipPart['name']): number => parts.find((part) => part.name === name)?.rows.length ?? 0
  const unlabelled = count('without a label')
  const said =
    unlabelled === total
      ? 'None of them has a label that says whether its answer is right.'
      : `${formatCount(count('right'))} ${meaning.right}, ${formatCount(count('wrong'))} ${meaning.wrong}${
          unlabelled === 0 ? '' : `, ${formatCount(unlabelled)} without a label`
        }`
  return (
    <Section title={title} note={total === 0 ? none : said}>
      {total > 0 && (
        <>
          <div className="flex flex-wrap items-center gap-2">
            <Segmented<Shown>
              size="small"
              label={`Which are listed of: ${title.toLowerCase()}`}
              value={shown}
              onValueChange={(next) => {
                setShown(next)
                setOffset(0)
              }}
              options={[
                { value: 'all', label: `all ${formatCount(total)}` },
                ...parts.map(({ name, rows: own }) => ({ value: name, label: `${name} ${formatCount(own.length)}` })),
              ]}
            />
            <span className="flex-1" />
            {all.length > pageSize && (
              <>
                <span className="text-small text-ink-muted">
                  {formatCount(start + 1)} to {formatCount(Math.min(all.length, start + pageSize))} of {formatCount(all.length)}
                </span>
                <Button size="small" disabled={start === 0} onClick={() => setOffset(Math.max(0, start - pageSize))}>
                  Previous {pageSize}
                </Button>
                <Button size="small" disabled={start + pageSize >= all.length} onClick={() => setOffset(start + pageSize)}>
                  Next {pageSize}
                </Button>
              </>
            )}
          </div>
          {all.length === 0 ? (
            <p className="text-ink-muted">None of these.</p>
          ) : error !== null ? (
            <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />
          ) : data === undefined ? (
            <SkeletonLines count={Math.min(10, all.length)} />
          ) : (
            <Table
              label={title}
              columns={[
                { name: 'Similarity', align: 'end' },
                { name: 'Question' },
                { name: 'Question of the entry' },
                { name: 'Label' },
                { name: 'Entry' },
              ]}
            >
              {data.map((item) => (
                <FlipRow key={item.row} item={item} onOpen={onOpen} onLabel={(value) => give(item.key, value)} />
              ))}
            </Table>
          )}
        </>
      )}
    </Section>
  )
}

function FlipRow({ item, onOpen, onLabel }: { item: EvidenceItem; onOpen: (id: string) => void; onLabel: (value: GivenLabel) => void }) {
  const { query, matchedQuery, similarity, entryId, exists, label, labelSource } = item
  return (
    <TableRow className="group hover:bg-hover">
      <TableCell align="end">{similarity === null ? 'none' : similarity.toFixed(3)}</TableCell>
      <TableCell className="max-w-80 min-w-44 wrap-anywhere">{query !== null && <UntrustedText text={query} limit={300} />}</TableCell>
      <TableCell className="max-w-80 min-w-44 wrap-anywhere">
        {matchedQuery !== null &&
          (query === null ? <UntrustedText text={matchedQuery} limit={300} /> : <DiffText query={query} text={matchedQuery} />)}
      </TableCell>
      <TableCell className="whitespace-nowrap">
        <span className="flex items-center gap-1">
          <LabelBadge label={label} source={labelSource} />
          <IconButton size="small" label="The answer is right" icon={<Check aria-hidden="true" />} onClick={() => onLabel('right')} />
          <IconButton size="small" label="The answer is wrong" icon={<X aria-hidden="true" />} onClick={() => onLabel('wrong')} />
        </span>
      </TableCell>
      <TableCell className="max-w-40">
        {entryId !== null &&
          (exists ? (
            <button type="button" className="numeric block max-w-full truncate text-accent hover:underline" onClick={() => onOpen(entryId)}>
              <UntrustedText text={entryId} limit={80} />
            </button>
          ) : (
            <span className="numeric block truncate text-ink-faint" title="It is not in the collection">
              <UntrustedText text={entryId} limit={80} />
            </span>
          ))}
      </TableCell>
    </TableRow>
  )
}
