import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { Episode, MemoryUserRef } from '../../../shared/contract/memories.ts'
import { useClient } from '../../lib/client-context.tsx'
import { useCommands, type Command } from '../../lib/commands.ts'
import { formatCount } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { useSelectedIds, useSelection } from '../../lib/selection/use-selection.ts'
import { toastError } from '../../lib/toast-error.ts'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { EpisodeCard } from './episode-card.tsx'
import { EpisodeHeading } from './episode-heading.tsx'
import { useVirtualPages } from './use-virtual-pages.ts'

export interface EpisodeFeedProps {
  readonly memory: MemoryUserRef
  /** Place to begin at. */
  readonly at: number
  readonly openId: string | null
  readonly onOpen: (id: string) => void
  /** The place of the episode at the top of the view. */
  readonly onTop: (place: number) => void
}

/** Browsers lay out no more than about 33 million pixels. */
const mostEpisodes = 200_000
const usualHeight = 148

/** A user's episodes as a conversation: the newest session first, each as it was spoken. */
export function EpisodeFeed({ memory, at, openId, onOpen, onTop }: EpisodeFeedProps) {
  const client = useClient()
  const [cursor, setCursor] = useState<number | null>(null)
  const options = { rowHeight: usualHeight, overscan: 4, at, most: mostEpisodes }
  const list = useVirtualPages('memories.timeline', { ...memory, order: 'sessions' }, options)
  const { viewport, pages, count, virtualizer, items, drawn } = list
  const { selectIds } = useSelection(memory)
  const { ids: selected } = useSelectedIds({ connectionId: memory.connectionId, collectionId: memory.collectionId })
  const { total } = pages
  const episodeAt = (place: number): Episode | undefined => {
    const { data, index } = pages.at(place)
    return data?.episodes[index]
  }

  const offset = virtualizer.scrollOffset ?? 0
  const top = items.find(({ end }) => end > offset + 8)?.index ?? 0
  const tell = useRef(onTop)
  useEffect(() => {
    tell.current = onTop
  })
  useEffect(() => tell.current(top), [top])

  // A place that the address names is gone to once there is something to go through, and not again when the list changes.
  const wentTo = useRef(0)
  useEffect(() => {
    if (count === 0 || wentTo.current === at) return
    wentTo.current = at
    virtualizer.scrollToIndex(Math.min(at, count - 1), { align: 'start' })
  }, [count, at, virtualizer])

  const step = (by: 1 | -1): void => {
    const open = drawn.find((place) => episodeAt(place)?.id === openId)
    const from = cursor !== null && drawn.includes(cursor) ? cursor : (open ?? top - (by === 1 ? 1 : -1))
    const next = Math.min(count - 1, Math.max(0, from + by))
    setCursor(next)
    virtualizer.scrollToIndex(next, { align: 'auto' })
    const episode = episodeAt(next)
    if (openId !== null && episode !== undefined) onOpen(episode.id)
  }
  const select = (id: string, isOn: boolean): void => {
    const next = new Set(selected)
    if (isOn) next.add(id)
    else next.delete(id)
    selectIds(next)
  }
  const { mutate: selectSession } = useMutation({
    mutationFn: (session: string) => client.call('memories.ids', { ...memory, session }),
    onSuccess: (ids) => selectIds(ids),
    onError: toastError,
  })
  const current = cursor === null ? undefined : episodeAt(cursor)
  const key = (id: string, title: string, shortcut: string, run: () => void): Command => ({
    id: `memory.${id}`,
    title,
    group: 'Memory',
    shortcut,
    keyboardOnly: true,
    run,
  })
  useCommands([
    ...(count === 0 ? [] : [key('next', 'Next episode', 'j', () => step(1)), key('previous', 'Previous episode', 'k', () => step(-1))]),
    ...(current === undefined
      ? []
      : [
          key('open', 'Open the episode', 'enter', () => onOpen(current.id)),
          key('select', 'Select the episode', 'x', () => select(current.id, selected?.has(current.id) !== true)),
        ]),
  ])

  if (pages.error !== null) return <QueryError error={pages.error} onRetry={pages.retry} retrying={pages.isFetching} />
  if (pages.first === undefined) {
    return (
      <div aria-busy="true" className="flex flex-1 flex-col gap-8 p-6">
        <SkeletonLines count={3} />
        <SkeletonLines count={4} />
        <SkeletonLines count={2} />
      </div>
    )
  }
  return (
    <>
      <div
        ref={viewport}
        role="feed"
        tabIndex={0}
        aria-label="Episodes"
        aria-busy={pages.isFetching}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain -outline-offset-2"
      >
        <div role="presentation" className="relative mx-auto max-w-200" style={{ height: virtualizer.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const episode = episodeAt(index)
            return (
              <article
                key={index}
                ref={virtualizer.measureElement}
                data-index={index}
                aria-posinset={index + 1}
                aria-setsize={total}
                aria-label={`Episode ${formatCount(index + 1)}`}
                className="absolute inset-x-0 top-0 px-2"
                style={{ transform: `translateY(${start}px)` }}
              >
                {episode === undefined ? (
                  <div className="px-6 py-5" style={{ height: usualHeight }}>
                    <SkeletonLines count={3} />
                  </div>
                ) : (
                  <>
                    <EpisodeHeading
                      episode={episode}
                      before={index === 0 ? undefined : episodeAt(index - 1)}
                      onSelectSession={selectSession}
                    />
                    <div className={index === cursor ? 'rounded-md outline-2 outline-accent-line' : undefined}>
                      <EpisodeCard
                        episode={episode}
                        isOpen={episode.id === openId}
                        isSelected={selected?.has(episode.id) ?? false}
                        onOpen={() => {
                          setCursor(index)
                          onOpen(episode.id)
                        }}
                        onSelect={(isOn) => select(episode.id, isOn)}
                      />
                    </div>
                  </>
                )}
              </article>
            )
          })}
        </div>
      </div>
      {total > count && (
        <p className="shrink-0 border-t border-line px-5 py-2 text-small text-ink-muted">
          The first {formatCount(count)} of {formatCount(total)} are shown. Narrow the time to see the others.
        </p>
      )}
    </>
  )
}
