import { useQuery } from '@tanstack/react-query'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { MemoryUserRef } from '../../../shared/contract/memories.ts'
import { noFilter } from '../../../shared/domain/where.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatCount, formatRelativeTime, formatTime } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { visibleString } from '../../lib/visible-text.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { MiddleText } from '../../ui/middle-text.tsx'
import { Select } from '../../ui/select.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { ActivityBars } from './activity-bars.tsx'
import { FactsList } from './facts-list.tsx'
import { noFacts, useFactsCollection } from './use-facts-collection.ts'

export interface UserPanelProps {
  readonly collection: CollectionRef
  readonly memory: MemoryUserRef
  /** Id of the collection with the facts, or `none`; the most likely one where undefined. */
  readonly chosenFacts: string | undefined
  readonly onChooseFacts: (chosen: string) => void
  readonly openFact: string | null
  readonly onOpenFact: (factsCollectionId: string, id: string) => void
  /** Narrows the time; absent where it cannot be filtered. */
  readonly onSpan: ((from: number, to: number) => void) | undefined
}

function Moment({ time }: { time: number | null }) {
  const now = useNow()
  if (time === null) return <span className="text-ink-faint">not known</span>
  return <span title={formatTime(time)}>{formatRelativeTime(time, now)}</span>
}

/** Who a user is to the memory: how much is remembered, since when, and the facts. */
export function UserPanel({ collection, memory, chosenFacts, onChooseFacts, openFact, onOpenFact, onSpan }: UserPanelProps) {
  const client = useClient()
  const { data: user } = useQuery(client.query('memories.user', memory))
  const { choices, facts, isPending } = useFactsCollection(collection, chosenFacts)
  return (
    <>
      <section aria-label="Profile of the user" className="flex shrink-0 flex-col gap-3 px-4 py-3">
        {user === undefined && <SkeletonLines count={5} />}
        {user === null && <p className="text-small text-ink-muted">The filter leaves nothing of this user.</p>}
        {user && (
          <>
            <Facts>
              {user.user !== null && (
                <Fact name="User">
                  <span className="numeric flex min-w-0 items-center gap-1">
                    <MiddleText text={user.user} />
                    <CopyButton text={user.user} label="Copy the user’s id" />
                  </span>
                </Fact>
              )}
              <Fact name="Episodes">{formatCount(user.episodes)}</Fact>
              {user.sessions > 0 && <Fact name="Sessions">{formatCount(user.sessions)}</Fact>}
              <Fact name="First seen">
                <Moment time={user.firstSeen} />
              </Fact>
              <Fact name="Last seen">
                <Moment time={user.lastSeen} />
              </Fact>
            </Facts>
            {user.activity !== null && <ActivityBars activity={user.activity} onSpan={onSpan} />}
          </>
        )}
      </section>
      {choices.length > 0 && (
        <section aria-label="Facts beside the episodes" className="flex min-h-0 flex-1 flex-col border-t border-line">
          <div className="flex shrink-0 items-center gap-2 px-4 pt-2.5 pb-1.5">
            <h2 className="flex-1 text-small font-strong text-ink-muted">Facts</h2>
            <Select
              size="small"
              label="Collection with the facts"
              value={facts?.collectionId ?? noFacts}
              onValueChange={onChooseFacts}
              options={[
                ...choices.map(({ collectionId, name, count }) => ({
                  value: collectionId,
                  label: visibleString(name),
                  hint: count === null ? '' : formatCount(count),
                })),
                { value: noFacts, label: 'None' },
              ]}
              className="max-w-44"
            />
          </div>
          {facts === null ? (
            <p className="px-4 py-1 text-small text-ink-muted">Choose the collection that holds facts about users to read them here.</p>
          ) : (
            <FactsList
              key={`${facts.collectionId} ${memory.user ?? ''}`}
              memory={{ connectionId: collection.connectionId, collectionId: facts.collectionId, filter: noFilter, user: memory.user }}
              openId={openFact}
              onOpen={(id) => onOpenFact(facts.collectionId, id)}
            />
          )}
        </section>
      )}
      {choices.length === 0 && !isPending && (
        <p className="border-t border-line px-4 py-2.5 text-small text-ink-muted">
          No other collection of this database names users, so there are no facts to read beside the episodes.
        </p>
      )}
    </>
  )
}
