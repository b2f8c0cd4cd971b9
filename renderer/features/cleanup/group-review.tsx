import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { CleanupGroup } from '../../../shared/contract/cleanup.ts'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { recordFactsOf } from '../../../shared/domain/cleanup/record-facts.ts'
import { effectOf, type GroupedRule } from '../../../shared/domain/cleanup/rule.ts'
import type { ProfileMapping } from '../../../shared/domain/profiles/profile.ts'
import { useClient } from '../../lib/client-context.tsx'
import { useCommands } from '../../lib/commands.ts'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { toastError } from '../../lib/toast-error.ts'
import { Kbd } from '../../ui/kbd.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { GroupCard } from './group-card.tsx'
import { Pager } from './pager.tsx'

interface GroupReviewProps {
  readonly collection: CollectionRef
  readonly rule: GroupedRule
  readonly onOpen: (id: string) => void
}

/** Groups that are shown together: their members must not be more than one page of records. */
const shown = 10
const unknownMapping: ProfileMapping = { kind: 'unknown', fields: {} }

type Member = CleanupGroup['members'][number]

/** Groups of records to go through by keyboard; what is said about them is kept at once. */
export function GroupReview({ collection, rule, onOpen }: GroupReviewProps) {
  const client = useClient()
  const [offset, setOffset] = useState(0)
  const [at, setAt] = useState({ group: 0, member: 0 })
  const { data, error, refetch, isFetching } = useQuery({
    ...client.query('cleanup.groups', { ...collection, rule, offset, limit: shown }),
    placeholderData: keepPreviousData,
  })
  const groups = data?.groups ?? []
  const ids = groups.flatMap(({ members }) => members.map(({ id }) => id)).slice(0, 1000)
  const { data: records } = useQuery({
    ...client.query('records.get', { ...collection, ids }),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
  })
  const { data: profile } = useQuery(client.query('profiles.get', collection))
  const decide = useMutation(client.mutation('cleanup.decide'))
  const judge = useMutation(client.mutation('cleanup.judgePair'))

  const current = groups[Math.min(at.group, groups.length - 1)]
  const member = current?.members[Math.min(at.member, current.members.length - 1)]
  useEffect(() => {
    document.querySelector('[data-review="current"]')?.scrollIntoView({ block: 'nearest' })
  }, [at])

  const say = (of: Member | undefined, decision: 'keep' | 'delete'): void => {
    if (of === undefined) return
    decide.mutate({ ...collection, ids: [of.id], decision: of.decision === decision ? null : decision }, { onError: toastError })
  }
  const reject = (group: CleanupGroup | undefined, of: Member | undefined): void => {
    const [first] = group?.members ?? []
    if (first === undefined || of === undefined || of === first) return
    judge.mutate({ ...collection, ids: [first.id, of.id], verdict: 'different', similarity: of.similarity ?? 1 }, { onError: toastError })
  }
  const move = (group: number, inGroup: number): void => {
    const nextGroup = Math.min(groups.length - 1, Math.max(0, group))
    const size = groups[nextGroup]?.members.length ?? 1
    setAt({ group: nextGroup, member: Math.min(size - 1, Math.max(0, inGroup)) })
  }
  const heading = 'Cleanup'
  useCommands([
    { id: 'cleanup.next', title: 'Next group', group: heading, shortcut: 'j', run: () => move(at.group + 1, 0) },
    { id: 'cleanup.previous', title: 'Previous group', group: heading, shortcut: 'k', run: () => move(at.group - 1, 0) },
    {
      id: 'cleanup.down',
      title: 'Next record of the group',
      group: heading,
      shortcut: 'down',
      keyboardOnly: true,
      run: () => move(at.group, at.member + 1),
    },
    {
      id: 'cleanup.up',
      title: 'Previous record of the group',
      group: heading,
      shortcut: 'up',
      keyboardOnly: true,
      run: () => move(at.group, at.member - 1),
    },
    { id: 'cleanup.keep', title: 'Keep this record', group: heading, shortcut: 'y', run: () => say(member, 'keep') },
    { id: 'cleanup.remove', title: 'Mark this record to be removed', group: heading, shortcut: 'x', run: () => say(member, 'delete') },
    { id: 'cleanup.different', title: 'Not a duplicate', group: heading, shortcut: 'n', run: () => reject(current, member) },
    { id: 'cleanup.open', title: 'Open this record', group: heading, shortcut: 'o', run: () => member && onOpen(member.id) },
  ])

  if (error !== null && data === undefined) return <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />
  if (data === undefined) return <SkeletonLines count={8} className="p-5" />
  const mapping = profile?.mapping ?? unknownMapping
  const factsById = new Map(records?.map((record) => [record.id, recordFactsOf(mapping, record)]))
  return (
    <div className="flex flex-col gap-3 px-5 py-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-small text-ink-muted">
        <span className="text-ink">
          {effectOf(rule.rule) === 'look'
            ? formatQuantity(data.total, 'group')
            : `${formatQuantity(data.removed, 'record')} of ${formatQuantity(data.total, 'group')} would be removed`}
        </span>
        <span className="flex items-center gap-1">
          <Kbd keys="j" /> <Kbd keys="k" /> group
        </span>
        <span className="flex items-center gap-1">
          <Kbd keys="up" /> <Kbd keys="down" /> record
        </span>
        <span className="flex items-center gap-1">
          <Kbd keys="y" /> keep
        </span>
        <span className="flex items-center gap-1">
          <Kbd keys="x" /> remove
        </span>
        <span className="flex items-center gap-1">
          <Kbd keys="n" /> not a duplicate
        </span>
        <span className="flex-1" />
        <Pager
          label="Groups"
          offset={offset}
          limit={shown}
          total={data.total}
          onChange={(next) => {
            setOffset(next)
            setAt({ group: 0, member: 0 })
          }}
        />
      </div>
      <ol aria-label="Groups" className="flex flex-col gap-3">
        {groups.map((group, index) => (
          <GroupCard
            key={group.members[0]?.id}
            name={`Group ${formatCount(offset + index + 1)}`}
            group={group}
            facts={factsById}
            effect={effectOf(rule.rule)}
            current={index === Math.min(at.group, groups.length - 1) ? at.member : null}
            onChoose={(inGroup) => setAt({ group: index, member: inGroup })}
            onOpen={onOpen}
            onKeep={(of) => say(of, 'keep')}
            onRemove={(of) => say(of, 'delete')}
            onReject={(of) => reject(group, of)}
          />
        ))}
      </ol>
    </div>
  )
}
