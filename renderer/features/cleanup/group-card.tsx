import { Check, Split, Trash2 } from 'lucide-react'
import type { CleanupGroup } from '../../../shared/contract/cleanup.ts'
import type { RecordFacts } from '../../../shared/domain/cleanup/record-facts.ts'
import type { effectOf } from '../../../shared/domain/cleanup/rule.ts'
import { formatQuantity, formatTime } from '../../lib/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { cx } from '../../ui/cx.ts'
import { DiffText } from '../../ui/diff-text.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'

type Member = CleanupGroup['members'][number]

interface GroupCardProps {
  readonly name: string
  readonly group: CleanupGroup
  readonly facts: ReadonlyMap<string, RecordFacts>
  readonly effect: ReturnType<typeof effectOf>
  /** Place of the member that the keys are for; null where it is in another group. */
  readonly current: number | null
  readonly onChoose: (place: number) => void
  readonly onOpen: (id: string) => void
  readonly onKeep: (member: Member) => void
  readonly onRemove: (member: Member) => void
  readonly onReject: (member: Member) => void
}

const mostText = 300

function Verdict({ member, isFirst, effect }: { member: Member; isFirst: boolean; effect: GroupCardProps['effect'] }) {
  if (member.removed) return <Badge tone="wrong">removed</Badge>
  if (member.decision === 'keep') return <Badge tone="accent">kept</Badge>
  if (effect === 'delete' && isFirst) return <Badge tone="outline">stays</Badge>
  return null
}

function Fact({ facts }: { facts: RecordFacts }) {
  const parts = [
    facts.createdAt === null ? null : `made ${formatTime(facts.createdAt)}`,
    facts.hits === null ? null : formatQuantity(facts.hits, 'hit'),
    facts.namespace === null || facts.namespace === '' ? null : facts.namespace,
  ].filter((part) => part !== null)
  return (
    <span className="text-small text-ink-muted">
      <UntrustedText text={parts.join(' · ')} limit={200} />
    </span>
  )
}

/** A group of records of which one stays; words that differ from it are marked. */
export function GroupCard({ name, group, facts, effect, current, onChoose, onOpen, onKeep, onRemove, onReject }: GroupCardProps) {
  const [first] = group.members
  const firstText = first === undefined ? null : (facts.get(first.id)?.text ?? null)
  const hidden = group.size - group.members.length
  return (
    <li aria-label={name} className={cx('rounded-md border bg-canvas', current === null ? 'border-line' : 'border-accent-line')}>
      <ul>
        {group.members.map((member, place) => {
          const known = facts.get(member.id)
          const text = known?.text ?? null
          const isCurrent = current === place
          return (
            <li
              key={member.id}
              data-review={isCurrent ? 'current' : undefined}
              aria-current={isCurrent ? 'true' : undefined}
              className={cx(
                'flex items-start gap-3 border-t border-line px-3 py-2 first:border-t-0',
                isCurrent && 'bg-accent-soft',
                member.removed && !isCurrent && 'bg-sunken',
              )}
            >
              <button
                type="button"
                className="min-w-0 flex-1 cursor-default text-left"
                onClick={() => onChoose(place)}
                onDoubleClick={() => onOpen(member.id)}
              >
                <span className={cx('block text-body text-ink', member.removed && 'text-ink-muted')}>
                  {text === null ? (
                    <span className="text-ink-faint">no text</span>
                  ) : place === 0 || firstText === null ? (
                    <UntrustedText text={text} limit={mostText} />
                  ) : (
                    <DiffText query={firstText.slice(0, mostText)} text={text.slice(0, mostText)} />
                  )}
                </span>
                {known?.answer != null && (
                  <span className="mt-0.5 line-clamp-2 block text-small text-ink-muted">
                    <UntrustedText text={known.answer} limit={mostText} />
                  </span>
                )}
                {known !== undefined && <Fact facts={known} />}
              </button>
              {member.similarity !== null && (
                <span className="numeric pt-0.5 text-small text-ink-muted">{member.similarity.toFixed(3)}</span>
              )}
              <span className="flex w-16 justify-end pt-0.5">
                <Verdict member={member} isFirst={place === 0} effect={effect} />
              </span>
              {effect !== 'look' && (
                <span className="flex items-center">
                  <IconButton
                    size="small"
                    label={member.decision === 'keep' ? 'Leave it to the rule' : 'Keep this record'}
                    icon={<Check aria-hidden="true" className={member.decision === 'keep' ? 'text-accent' : undefined} />}
                    onClick={() => onKeep(member)}
                  />
                  <IconButton
                    size="small"
                    label={member.decision === 'delete' ? 'Leave it to the rule' : 'Mark to be removed'}
                    icon={<Trash2 aria-hidden="true" className={member.decision === 'delete' ? 'text-wrong' : undefined} />}
                    onClick={() => onRemove(member)}
                  />
                  <IconButton
                    size="small"
                    label="Not a duplicate of the first"
                    disabled={place === 0}
                    icon={<Split aria-hidden="true" />}
                    onClick={() => onReject(member)}
                  />
                </span>
              )}
            </li>
          )
        })}
      </ul>
      {hidden > 0 && (
        <p className="border-t border-line px-3 py-1.5 text-small text-ink-muted">{`and ${formatQuantity(hidden, 'more record')}`}</p>
      )}
    </li>
  )
}
