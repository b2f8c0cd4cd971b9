import { useIsFetching, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Columns2, Telescope } from 'lucide-react'
import type { ReactNode } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { SavedSearch } from '../../../shared/contract/search.ts'
import { useClient } from '../../lib/client-context.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { CompareView } from './compare/compare-view.tsx'
import type { Variant } from './compare/variant.ts'
import { CopyProgram } from './copy-program.tsx'
import { HistoryPopover } from './history-popover.tsx'
import { ListAnswers } from './list-answers.tsx'
import { ProbeForm } from './probe-form.tsx'
import { parseProbes, type ProbeKind } from './probes.ts'
import type { QueryState } from './query-state.ts'
import { SingleAnswer } from './single-answer.tsx'

interface QueryViewProps {
  readonly state: QueryState
  readonly variant: Variant | null
  /** Which query of a list is looked at, from 0. */
  readonly place: number
  readonly onPlace: (place: number) => void
  readonly onAsk: (kind: ProbeKind, text: string, nResults: number) => void
  readonly onMethod: (method: 'exact' | 'engine') => void
  readonly onPick: (search: SavedSearch) => void
  readonly onVariant: (variant: Variant | null) => void
  readonly onOpen: (id: string) => void
  readonly onOpenElsewhere: (collection: CollectionRef, id: string) => void
  /** The filter, above the results. */
  readonly filterBar: ReactNode
  /** Says which embedder is used. */
  readonly embedder: ReactNode
  /** What helps where a query cannot be asked. */
  readonly errorActions: ReactNode
}

/** Ask a collection for what is near a text, a record, a vector or each of several texts. */
export function QueryView(props: QueryViewProps) {
  const { state, variant, place, onPlace, onAsk, onMethod, onPick, onVariant, onOpen, onOpenElsewhere, filterBar, embedder, errorActions } =
    props
  const { collection, kind, text, parsed, settings } = state
  const client = useClient()
  const queryClient = useQueryClient()
  const { data: methods } = useQuery(client.query('search.methods', collection))
  const { mutate: remember } = useMutation(client.mutation('search.remember'))
  const isRunning =
    useIsFetching({ predicate: ({ queryKey: [name, method] }) => name === 'search' && (method === 'run' || method === 'runList') }) > 0
  const [probe] = parsed.ok ? parsed.probes : []

  function run(nextKind: ProbeKind, nextText: string, nResults: number): void {
    const next = parseProbes(nextKind, nextText)
    if (!next.ok) return
    remember({ ...collection, probes: [...next.probes], settings: { ...settings, nResults } })
    if (nextKind === kind && nextText === text && nResults === settings.nResults) void client.invalidate(['search.run', 'search.runList'])
    else onAsk(nextKind, nextText, nResults)
  }

  const results = () => {
    if (text === '') {
      return (
        <EmptyState icon={<Telescope />} title="Ask this collection">
          Write what a user would ask and press Enter. The records nearest to it appear here, with their similarity on one scale and
          Chroma&apos;s own distance. A record, a vector or a list of queries can be looked for as well.
        </EmptyState>
      )
    }
    if (!parsed.ok || !probe)
      return <EmptyState title="The query in this link cannot be read">{parsed.ok ? '' : parsed.message}</EmptyState>
    if (variant !== null) {
      return (
        <CompareView
          state={state}
          probes={parsed.probes}
          variant={variant}
          place={place}
          onPlace={onPlace}
          onVariant={onVariant}
          onOpen={onOpen}
          onOpenElsewhere={onOpenElsewhere}
          errorActions={errorActions}
        />
      )
    }
    if (kind === 'list')
      return (
        <ListAnswers state={state} probes={parsed.probes} place={place} onPlace={onPlace} onOpen={onOpen} errorActions={errorActions} />
      )
    return <SingleAnswer state={state} probe={probe} onOpen={onOpen} errorActions={errorActions} />
  }

  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <ProbeForm
        kind={kind}
        text={text}
        nResults={settings.nResults}
        isRunning={isRunning}
        onRun={run}
        onCancel={() => void queryClient.cancelQueries({ queryKey: ['search'] })}
      >
        {methods?.engine === true ? (
          <Segmented
            size="small"
            label="How records are searched"
            value={settings.method}
            onValueChange={onMethod}
            options={[
              { value: 'exact', label: 'Exact' },
              { value: 'engine', label: 'Engine' },
            ]}
          />
        ) : (
          <span className="px-1 text-small text-ink-faint" title={methods?.reason ?? undefined}>
            Exact search
          </span>
        )}
        <span className="flex-1" />
        {embedder}
        {probe && (
          <>
            <Button
              variant="ghost"
              icon={<Columns2 aria-hidden="true" />}
              aria-pressed={variant !== null}
              onClick={() => onVariant(variant === null ? {} : null)}
            >
              Compare
            </Button>
            <CopyProgram collection={collection} probes={parsed.ok ? parsed.probes : []} settings={settings} />
          </>
        )}
        <HistoryPopover collection={collection} onPick={onPick} />
      </ProbeForm>
      {filterBar}
      {results()}
    </div>
  )
}
