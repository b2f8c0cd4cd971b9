import { useQuery } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import { ChartScatter, Eraser, FileText, Layers, Logs, MessagesSquare, Rows3, SlidersVertical, Target, Telescope } from 'lucide-react'
import type { ReactNode } from 'react'
import { isMemory } from '../../../shared/domain/memory/is-memory.ts'
import { useClient } from '../../lib/client-context.tsx'
import { collectionViews, sharedSearch } from '../../lib/collection-views.ts'
import { collectionsOf } from '../../lib/collections-of.ts'
import { formatQuantity } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { useDocumentTitle } from '../../lib/use-document-title.ts'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { visibleString } from '../../lib/visible-text.ts'
import { Callout } from '../../ui/callout.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { tabClass } from '../../ui/tab-style.ts'

const icons = {
  overview: <FileText aria-hidden="true" />,
  records: <Rows3 aria-hidden="true" />,
  memory: <MessagesSquare aria-hidden="true" />,
  query: <Telescope aria-hidden="true" />,
  lookups: <Target aria-hidden="true" />,
  log: <Logs aria-hidden="true" />,
  map: <ChartScatter aria-hidden="true" />,
  thresholds: <SlidersVertical aria-hidden="true" />,
  cleanup: <Eraser aria-hidden="true" />,
} as const satisfies Record<(typeof collectionViews)[number]['name'], ReactNode>

export interface CollectionLayoutProps {
  connectionId: string
  collectionId: string
  children: ReactNode
}

/** The head of a collection with its views as tabs, above the view. */
export function CollectionLayout({ connectionId, collectionId, children }: CollectionLayoutProps) {
  const client = useClient()
  const { pathname, search } = useLocation()
  const catalog = useQuery(client.query('collections.catalog', { connectionId }))
  const collection = catalog.data && collectionsOf(catalog.data).find((item) => item.id === collectionId)
  const { data: profile } = useQuery(client.query('profiles.get', { connectionId, collectionId }))
  const shared = sharedSearch(search)
  const view = collectionViews.find((item) => pathname.endsWith(item.end))
  const hasMemory = view?.name === 'memory' || (profile !== undefined && isMemory(profile.mapping))
  const tabs = collectionViews.filter(({ name }) => name !== 'memory' || hasMemory)
  useDocumentTitle(collection ? `${visibleString(collection.name)}${view ? ` · ${view.label}` : ''}` : null)

  if (catalog.isLoadingError)
    return <QueryError error={catalog.error} onRetry={() => void catalog.refetch()} retrying={catalog.isFetching} />
  if (catalog.data && !collection) {
    return (
      <EmptyState
        icon={<Layers />}
        title="The store has no such collection"
        action={
          <Link to="/s/$connectionId" params={{ connectionId }} className="text-accent hover:underline">
            See the collections it has
          </Link>
        }
      >
        It was deleted or made anew since the link was taken: a collection that is made again gets another id.
      </EmptyState>
    )
  }
  return (
    <>
      <div className="@container shrink-0 border-b border-line">
        {/* Where the views leave no room for the name, it has a line of its own. */}
        <div className="flex flex-col gap-x-4 px-4 @3xl:h-10 @3xl:flex-row @3xl:items-stretch">
          <h1 className="flex h-8 min-w-0 items-center gap-2 text-body font-strong @3xl:h-auto">
            <Layers aria-hidden="true" className="size-4 shrink-0 text-ink-faint" strokeWidth={1.75} />
            {collection ? (
              <span className="truncate" title={visibleString(collection.name)}>
                <UntrustedText text={collection.name} />
              </span>
            ) : (
              <Skeleton className="w-32" />
            )}
          </h1>
          <nav aria-label="Views of the collection" className="-ml-2 flex h-8 shrink-0 overflow-x-auto @3xl:ml-0 @3xl:h-auto">
            {tabs.map((item) => (
              <Link
                key={item.to}
                to={item.to}
                params={{ connectionId, collectionId }}
                search={shared}
                activeOptions={{ includeSearch: false }}
                activeProps={{ 'data-active': '' }}
                className={`${tabClass} h-full [&_svg]:hidden @4xl:[&_svg]:block`}
              >
                {icons[item.name]}
                {item.label}
              </Link>
            ))}
          </nav>
          {collection && (
            <div className="ml-auto hidden shrink-0 items-center gap-3 @5xl:flex text-small whitespace-nowrap text-ink-muted">
              {collection.count !== null && <span>{formatQuantity(collection.count, 'record')}</span>}
              {collection.dimension !== null && <span>{collection.dimension}-d</span>}
              <span>{collection.space}</span>
            </div>
          )}
        </div>
      </div>
      {collection?.problem && (
        <div className="px-4 pt-3">
          <Callout severity="warning" title={collection.problem} />
        </div>
      )}
      {children}
    </>
  )
}
