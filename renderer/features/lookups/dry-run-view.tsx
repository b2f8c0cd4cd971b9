import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { CircleSlash, SearchX, Target } from 'lucide-react'
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { collectionSubject } from '../../../shared/contract/jobs.ts'
import type { LookupSettings } from '../../../shared/contract/lookups.ts'
import type { Space } from '../../../shared/domain/space.ts'
import { useClient } from '../../lib/client-context.tsx'
import { useCommands } from '../../lib/commands.ts'
import { isCancelled } from '../../lib/describe-error.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { WorkProgress } from '../../lib/work-progress.tsx'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { cx } from '../../ui/cx.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Panel, PanelHandle, Panels } from '../../ui/panels.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { SearchInput } from '../../ui/search-input.tsx'
import { LookupOptions } from './lookup-options.tsx'
import { RungLadder } from './rung-ladder.tsx'
import { useLookupSettings } from './use-lookup-settings.ts'
import { VerdictCard } from './verdict-card.tsx'

interface DryRunViewProps {
  readonly collection: CollectionRef
  readonly space: Space | null
  /** What is looked up; empty where nothing was asked. */
  readonly query: string
  readonly openId: string | null
  readonly onAsk: (query: string) => void
  readonly onOpen: (id: string) => void
  readonly embedder: ReactNode
  readonly errorActions: ReactNode
  /** The inspector, which goes through these ids: those of the ladder, nearest first. Undefined until they are known. */
  readonly renderInspector: (order: readonly string[] | undefined) => ReactNode
}

/** Looks a query up as the cache would, without touching it: what it answers, why, and what would change that. */
export function DryRunView(props: DryRunViewProps) {
  const { written, settled, error, setSettings } = useLookupSettings(props.collection)
  if (error !== null) return <QueryError error={error} />
  if (written === null || settled === null) {
    return (
      <div aria-busy="true" className="p-4">
        <SkeletonLines count={10} />
      </div>
    )
  }
  return <DryRun {...props} written={written} settings={settled} setSettings={setSettings} />
}

interface DryRunProps extends DryRunViewProps {
  /** As the person moves them. */
  readonly written: LookupSettings
  /** As they are looked up with. */
  readonly settings: LookupSettings
  readonly setSettings: (change: Partial<LookupSettings>) => void
}

function DryRun(props: DryRunProps) {
  const { collection, space, query, openId, onAsk, onOpen, embedder, errorActions, renderInspector, written, settings, setSettings } = props
  const client = useClient()
  const queryClient = useQueryClient()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(query)
  useEffect(() => setText(query), [query])
  const { data, error, isPlaceholderData, isFetching, refetch } = useQuery({
    ...client.query('lookups.dryRun', { ...collection, query, settings }),
    placeholderData: keepPreviousData,
    enabled: query !== '',
  })
  // Namespaces are known from a lookup of nothing, which embeds nothing.
  const { data: empty } = useQuery({
    ...client.query('lookups.dryRun', { ...collection, query: '', settings }),
    enabled: query === '',
    placeholderData: keepPreviousData,
  })
  useCommands([{ id: 'lookups.focus', title: 'Look a query up', group: 'Lookups', shortcut: '/', run: () => input.current?.select() }])

  function ask(event: FormEvent): void {
    event.preventDefault()
    if (text.trim() === '') return
    if (text === query) void refetch()
    else onAsk(text)
  }

  const progress = (
    <WorkProgress
      method="lookups.dryRun"
      subject={collectionSubject(collection)}
      onCancel={() => void queryClient.cancelQueries({ queryKey: ['lookups', 'dryRun'] })}
    />
  )
  const result = () => {
    if (error !== null && !isCancelled(error))
      return <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} actions={errorActions} />
    if (query === '') {
      return (
        <EmptyState icon={<Target />} title="Dry-run a lookup">
          Write a query and press Enter. It says whether this cache would have answered, with which entry, how close it was and what would
          change that. The cache is not touched.
        </EmptyState>
      )
    }
    if (!isFetching && (data === undefined || isPlaceholderData)) {
      return (
        <EmptyState
          icon={<CircleSlash />}
          title="The lookup was cancelled"
          action={<Button onClick={() => void refetch()}>Look up again</Button>}
        >
          Nothing was changed.
        </EmptyState>
      )
    }
    if (data === undefined) {
      return (
        <div aria-busy="true">
          {progress}
          <SkeletonLines count={10} className="p-4" />
        </div>
      )
    }
    return (
      <div
        className={cx('flex min-h-0 flex-1 flex-col overflow-y-auto', isPlaceholderData && 'opacity-60 transition-opacity delay-150')}
        aria-busy={isPlaceholderData}
      >
        {isFetching && progress}
        <VerdictCard run={data} settings={settings} onOpen={onOpen} onSettings={setSettings} />
        {data.warnings.map((warning) => (
          <Callout key={warning} severity="warning" title={warning} className="mx-3 mb-2" />
        ))}
        {data.ladder.length === 0 ? (
          <EmptyState icon={<SearchX />} title="No entry is near">
            The collection holds no entry with a vector that could be compared.
          </EmptyState>
        ) : (
          <RungLadder
            run={data}
            query={query}
            settings={written}
            space={space}
            onThreshold={(threshold) => setSettings({ threshold })}
            openId={openId}
            onOpen={onOpen}
          />
        )}
      </div>
    )
  }

  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <form onSubmit={ask} aria-label="Lookup" className="flex shrink-0 items-center gap-2 border-b border-line px-3 py-2">
        <SearchInput
          ref={input}
          label="Query to look up"
          placeholder="What did the user ask?"
          value={text}
          onValueChange={setText}
          className="flex-1"
        />
        <Button type="submit" variant="primary" busy={isFetching && query !== ''}>
          Look up
        </Button>
        {embedder}
      </form>
      <Panels name="dry-run" panelIds={['options', 'verdict']} className="flex-1">
        <Panel id="options" defaultSize={256} minSize={216} maxSize={420} fixed>
          <LookupOptions settings={written} namespaces={(data ?? empty)?.namespaces ?? []} onSettings={setSettings} />
        </Panel>
        <PanelHandle label="Width of the options" />
        <Panel id="verdict" minSize={320}>
          {result()}
        </Panel>
      </Panels>
      {renderInspector(data?.ladder.map(({ record }) => record.id))}
    </div>
  )
}
