import { hashKey, keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { Check, ListChecks, SkipForward, Undo2, X } from 'lucide-react'
import { useRef, useState, type ReactNode } from 'react'
import type { EvidenceItem, GivenLabel } from '../../../shared/contract/thresholds.ts'
import { useClient } from '../../lib/client-context.tsx'
import { useCommands } from '../../lib/commands.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { Button } from '../../ui/button.tsx'
import { DiffText } from '../../ui/diff-text.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { SimilarityBar } from '../../ui/similarity-bar.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { LabelExport } from './label-export.tsx'
import { LabelProgress } from './label-progress.tsx'
import type { LabState } from './lab.tsx'

/** Lookups that are fetched ahead, so that the next one is there when a key is pressed. */
const ahead = 20

const given: Readonly<Record<GivenLabel, string>> = { right: 'Labelled right', wrong: 'Labelled wrong', skip: 'Skipped' }

/** The queue of lookups to label: one question at a time, answered by one key. */
export function LabelTab({ lab }: { lab: LabState }) {
  const client = useClient()
  const { collection, source, settings, present, onOpen } = lab
  const [told, setTold] = useState('')
  /** What was answered here, and may still be in a queue that was fetched before. */
  const [answered, setAnswered] = useState<ReadonlySet<string>>(new Set())
  const last = useRef<Promise<unknown>>(Promise.resolve())
  const onScreen = useRef<{ readonly asked: string; readonly item: EvidenceItem | undefined } | null>(null)
  /** The lookup whose label was taken back: it is shown once the queue has it again. */
  const takenBack = useRef<string | null>(null)
  const sourced = { ...collection, source, embedderId: null }
  const query = client.query('thresholds.queue', { ...sourced, settings: { ...settings, present, candidate: present }, limit: ahead })
  const queue = useQuery({ ...query, placeholderData: keepPreviousData })
  const label = useMutation(client.mutation('thresholds.label'))
  const undo = useMutation(client.mutation('thresholds.undoLabel'))
  // The queue is put in order anew with each label; the question on the screen stays until it is answered.
  const asked = hashKey(query.queryKey)
  const waiting = queue.data?.items.filter(({ key }) => !answered.has(key)) ?? []
  const held = onScreen.current?.asked === asked ? onScreen.current.item : undefined
  const item = waiting.find(({ key }) => key === takenBack.current) ?? (held !== undefined && !answered.has(held.key) ? held : waiting[0])
  onScreen.current = { asked, item }

  const without = (set: ReadonlySet<string>, key: string): Set<string> => new Set([...set].filter((other) => other !== key))
  function give(value: GivenLabel): void {
    if (item === undefined) return
    takenBack.current = null
    setAnswered(new Set([...answered, item.key]))
    setTold(`${given[value]}.`)
    // One after the other, so that undo takes back the last one that was given.
    last.current = last.current.then(() =>
      label
        .mutateAsync({ ...sourced, key: item.key, label: value, chosenBy: 'queue' })
        .catch(() => setAnswered((now) => without(now, item.key))),
    )
  }
  function takeBack(): void {
    last.current = last.current.then(() =>
      undo
        .mutateAsync({ ...collection, source })
        .then((undone) => {
          setTold(undone === null ? 'There is no label to take back.' : 'The last label was taken back.')
          if (undone === null) return
          takenBack.current = undone.key
          setAnswered((now) => without(now, undone.key))
        })
        .catch(() => undefined),
    )
  }
  const group = 'Labels'
  useCommands([
    { id: 'thresholds.right', title: 'The answer is right', group, shortcut: 'r', run: () => give('right') },
    { id: 'thresholds.wrong', title: 'The answer is wrong', group, shortcut: 'w', run: () => give('wrong') },
    { id: 'thresholds.skip', title: 'Skip this lookup', group, shortcut: 's', run: () => give('skip') },
    { id: 'thresholds.undo', title: 'Take the last label back', group, shortcut: 'u', run: takeBack },
  ])

  if (queue.error !== null) return <QueryError error={queue.error} onRetry={() => void queue.refetch()} retrying={queue.isFetching} />
  if (queue.data === undefined) return <SkeletonLines count={8} />
  return (
    <div className="grid grid-cols-1 gap-6 lg:grid-cols-[minmax(0,1fr)_19rem]">
      <div className="flex min-w-0 flex-col gap-3">
        {item !== undefined ? (
          <LabelCard item={item} onOpen={onOpen} />
        ) : queue.isFetching || label.isPending ? (
          <SkeletonLines count={8} className="p-4" />
        ) : (
          <EmptyState icon={<ListChecks />} title="Nothing is left to label">
            {queue.data.population === 0
              ? 'Its lookups have labels of their own, or no similarity and no entry to judge.'
              : 'Every lookup that was drawn has a label. A tighter bound or another threshold asks for others.'}
          </EmptyState>
        )}
        <div className="flex flex-wrap items-center gap-2">
          <Button icon={<Check aria-hidden="true" />} disabled={item === undefined} onClick={() => give('right')}>
            Right <Kbd keys="r" className="ml-1" />
          </Button>
          <Button icon={<X aria-hidden="true" />} disabled={item === undefined} onClick={() => give('wrong')}>
            Wrong <Kbd keys="w" className="ml-1" />
          </Button>
          <Button variant="ghost" icon={<SkipForward aria-hidden="true" />} disabled={item === undefined} onClick={() => give('skip')}>
            Skip <Kbd keys="s" className="ml-1" />
          </Button>
          <Button variant="ghost" icon={<Undo2 aria-hidden="true" />} onClick={takeBack}>
            Undo <Kbd keys="u" className="ml-1" />
          </Button>
          <span role="status" className="text-small text-ink-muted">
            {told}
          </span>
        </div>
        <p className="max-w-160 text-small text-ink-muted">
          Is the entry’s answer right for the question? Labels are kept in the app’s own folder and never written to the store.
        </p>
      </div>
      <div className="flex flex-col gap-4">
        <LabelProgress queue={queue.data} settings={settings} />
        <LabelExport lab={lab} />
      </div>
    </div>
  )
}

function Text({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <dt className="text-small text-ink-muted">{name}</dt>
      <dd className="max-h-40 overflow-y-auto text-body wrap-anywhere text-ink">{children}</dd>
    </div>
  )
}

const nothing = <span className="text-ink-faint">not known</span>
/** Characters of an answer that are shown. */
const mostText = 4000

function LabelCard({ item, onOpen }: { item: EvidenceItem; onOpen: (entryId: string) => void }) {
  const { query, matchedQuery, response, expected, similarity, namespace, entryId, exists } = item
  return (
    <article aria-label="Lookup to label" className="rounded-md border border-line bg-canvas">
      <dl className="grid grid-cols-1 gap-x-6 gap-y-4 p-4 md:grid-cols-2">
        <Text name="Question">{query === null ? nothing : <UntrustedText text={query} limit={mostText} />}</Text>
        <Text name="Question of the entry">
          {matchedQuery === null ? (
            nothing
          ) : query === null ? (
            <UntrustedText text={matchedQuery} limit={mostText} />
          ) : (
            <DiffText query={query} text={matchedQuery} />
          )}
        </Text>
        <Text name="Expected answer">{expected === null ? nothing : <UntrustedText lines text={expected} limit={mostText} />}</Text>
        <Text name="Answer of the entry">{response === null ? nothing : <UntrustedText lines text={response} limit={mostText} />}</Text>
      </dl>
      <div className="flex items-center gap-3 border-t border-line px-4 py-1 text-small text-ink-muted">
        <span>Similarity</span>
        <span className="w-40">
          <SimilarityBar similarity={similarity} from={0} tone="plain" />
        </span>
        <span className="numeric text-ink">{similarity === null ? 'none' : similarity.toFixed(3)}</span>
        {namespace !== null && (
          <span className="truncate">
            in <UntrustedText text={namespace} limit={80} />
          </span>
        )}
        <span className="flex-1" />
        {entryId !== null && exists && (
          <Button size="small" variant="ghost" onClick={() => onOpen(entryId)}>
            Show the entry
          </Button>
        )}
      </div>
    </article>
  )
}
