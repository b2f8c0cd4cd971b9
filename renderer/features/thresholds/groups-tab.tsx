import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { measuresAt } from '../../../shared/domain/thresholds/measures.ts'
import { placeOf, type ThresholdCurve } from '../../../shared/domain/thresholds/curve.ts'
import type { Certified } from '../../../shared/domain/thresholds/certified-threshold.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatCount } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { visibleString } from '../../lib/visible-text.ts'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Select } from '../../ui/select.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { Table, TableCell, TableRow } from '../../ui/table.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { rightColour } from './chart-colours.ts'
import { similarityRange, type SimilarityRange } from './chart-scale.ts'
import type { LabState } from './lab.tsx'
import { ThresholdValue } from './threshold-value.tsx'
import { formatShare, formatThreshold, promiseInWords } from './threshold-words.ts'
import { useAnalysis } from './use-analysis.ts'

function reasonOf(own: Certified, basis: 'own' | 'pooled', threshold: number | null): string {
  if (own.outcome === 'certified') return 'its own labels'
  if (own.outcome === 'bound-exceeded') return 'none: its own labels speak against the bound'
  const missing = own.more === null ? 'too few labels of its own' : `about ${formatCount(own.more)} labels short`
  return basis === 'pooled' && threshold !== null ? `of all together, ${missing}` : `none, ${missing}`
}

export interface GroupsTabProps {
  lab: LabState
  onGroup: (group: string | null) => void
  /** Hears of the key of metadata to tell lookups apart by; null for namespaces. */
  onGroupBy: (key: string | null) => void
}

/** No key of metadata is empty. */
const byNamespace = ''

/** Thresholds of namespaces, or of values of another field of the entries, each by its own labels where they suffice. */
export function GroupsTab({ lab, onGroup, onGroupBy }: GroupsTabProps) {
  const client = useClient()
  const { analyst, analysis, collection, evidence, settings, candidate } = lab
  const { groupBy } = settings
  const keys = useQuery(client.query('collections.keys', collection))
  const { data, error } = useAnalysis(analyst, 'groups', settings)
  const range = useMemo(() => similarityRange(analysis), [analysis])
  const told = [...(groupBy === null ? [] : [groupBy]), ...(keys.data ?? []).filter(({ distinct }) => distinct > 1).map(({ key }) => key)]
  const choice = (
    <div className="flex items-center gap-2 text-small text-ink-muted">
      Lookups told apart by
      <Select
        size="small"
        label="What lookups are told apart by"
        className="max-w-64"
        value={groupBy ?? byNamespace}
        onValueChange={(key) => onGroupBy(key === byNamespace ? null : key)}
        options={[
          { value: byNamespace, label: 'namespace' },
          ...[...new Set(told)].map((key) => ({ value: key, label: visibleString(key), hint: 'of the nearest entry' })),
        ]}
      />
    </div>
  )
  if (evidence.groups.length === 0) {
    return (
      <div className="flex flex-col gap-4">
        {choice}
        <EmptyState title={groupBy === null ? 'There are no namespaces' : 'No entry has this key'}>
          {groupBy === null ? 'None of these lookups names one.' : 'None of these lookups came near an entry that has it.'}
        </EmptyState>
      </div>
    )
  }
  if (error !== null) return <QueryError error={error} />
  if (data === null) return <SkeletonLines count={8} />
  const { groups, pooled, difference } = data
  const many = groupBy === null ? 'namespaces' : `values of ${visibleString(groupBy)}`
  return (
    <div className="flex flex-col gap-4">
      {choice}
      <Callout
        title={
          difference === null
            ? `Whether ${many} differ cannot be told: fewer than two have labels.`
            : difference.pValue <= 0.05
              ? `${many.charAt(0).toUpperCase()}${many.slice(1)} differ: answers of the same similarity are not as often right in each (p = ${difference.pValue.toFixed(3)}). A threshold for each is worth it.`
              : `Nothing shows that ${many} differ (p = ${difference.pValue.toFixed(3)}): one threshold may do for all.`
        }
      >
        Each promises for itself: {promiseInWords(settings.guarantee)}. A threshold of all together promises it for their mix, not for each.
        {difference !== null && ` By ${formatCount(difference.permutations)} permutations among lookups of like similarity.`}
      </Callout>
      <Table
        label="Namespaces"
        columns={[
          { name: groupBy === null ? 'Namespace' : visibleString(groupBy) },
          { name: 'Lookups', align: 'end' },
          { name: 'Labels', align: 'end' },
          { name: 'Precision and hit rate' },
          { name: `Hits at ${formatThreshold(candidate)}`, align: 'end' },
          { name: 'Precision', align: 'end' },
          { name: 'Certified', align: 'end' },
          { name: 'By' },
          { name: 'Charts' },
        ]}
      >
        {groups.map(({ group, curve, own, basis, threshold }) => {
          const name = evidence.groups[group] ?? ''
          const measures = measuresAt(curve, placeOf(curve, candidate), settings.beta)
          return (
            <TableRow key={name}>
              <TableCell className="max-w-48 truncate">
                <UntrustedText text={name === '' ? 'without a name' : name} limit={120} />
              </TableCell>
              <TableCell align="end">{formatCount(Math.round(curve.population))}</TableCell>
              <TableCell align="end">{formatCount(curve.labels)}</TableCell>
              <TableCell>
                <CurveSpark curve={curve} range={range} candidate={candidate} beta={settings.beta} />
              </TableCell>
              <TableCell align="end">{formatShare(measures.hitRate)}</TableCell>
              <TableCell align="end">{formatShare(measures.precision)}</TableCell>
              <TableCell align="end">
                <ThresholdValue value={threshold} />
              </TableCell>
              <TableCell className="text-ink-muted">{reasonOf(own, basis, threshold)}</TableCell>
              <TableCell>
                <Button size="small" variant="ghost" onClick={() => onGroup(settings.group === name ? null : name)}>
                  {settings.group === name ? 'All' : 'Show'}
                </Button>
              </TableCell>
            </TableRow>
          )
        })}
        <TableRow className="bg-sunken">
          <TableCell className="font-strong">All together</TableCell>
          <TableCell align="end">{formatCount(groups.reduce((sum, { curve }) => sum + Math.round(curve.population), 0))}</TableCell>
          <TableCell align="end">{formatCount(groups.reduce((sum, { curve }) => sum + curve.labels, 0))}</TableCell>
          <TableCell>{null}</TableCell>
          <TableCell>{null}</TableCell>
          <TableCell>{null}</TableCell>
          <TableCell align="end">
            <ThresholdValue value={pooled.outcome === 'certified' ? pooled.level.threshold : null} />
          </TableCell>
          <TableCell className="text-ink-muted">all labels</TableCell>
          <TableCell>{null}</TableCell>
        </TableRow>
      </Table>
    </div>
  )
}

const [sparkWidth, sparkHeight] = [112, 24]

/** Precision and hit rate against the threshold, small. */
function CurveSpark({ curve, range, candidate, beta }: { curve: ThresholdCurve; range: SimilarityRange; candidate: number; beta: number }) {
  const paths = useMemo(() => {
    const draw = (pick: 'precision' | 'hitRate'): string => {
      let path = ''
      for (let x = 0; x <= sparkWidth; x += 2) {
        const value = measuresAt(curve, placeOf(curve, range.from + (x / sparkWidth) * (range.to - range.from)), beta)[pick]
        if (value !== null) path += `${path === '' ? 'M' : 'L'}${x} ${(1 + (1 - value) * (sparkHeight - 2)).toFixed(1)}`
      }
      return path
    }
    return { precision: draw('precision'), hitRate: draw('hitRate') }
  }, [curve, range, beta])
  const at = ((candidate - range.from) / (range.to - range.from)) * sparkWidth
  return (
    <svg aria-hidden="true" width={sparkWidth} height={sparkHeight} className="block overflow-hidden rounded-sm bg-sunken">
      <path d={paths.hitRate} fill="none" stroke="var(--hit)" strokeWidth="1.25" />
      <path d={paths.precision} fill="none" stroke={rightColour} strokeWidth="1.25" />
      <line x1={at} x2={at} y1={0} y2={sparkHeight} stroke="var(--accent)" />
    </svg>
  )
}
