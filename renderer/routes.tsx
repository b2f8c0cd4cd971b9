import {
  createHashHistory,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  Outlet,
  redirect,
  useRouter,
  type ErrorComponentProps,
} from '@tanstack/react-router'
import type { QueryClient } from '@tanstack/react-query'
import { RootPage } from './root-page.tsx'
import { CollectionLayout } from './features/collections/collection-layout.tsx'
import { CollectionOverviewPage } from './features/collections/collection-overview-page.tsx'
import { ConnectionGate } from './features/collections/connection-gate.tsx'
import { StoreOverviewPage } from './features/collections/store-overview-page.tsx'
import { StagedBar } from './features/editing/staged-bar.tsx'
import { EngineSection } from './features/engine/engine-section.tsx'
import { RecordsPage } from './pages/records-page.tsx'
import { NotFoundPage } from './features/shell/not-found-page.tsx'
import { WelcomePage } from './features/welcome/welcome-page.tsx'
import { QueryError } from './lib/query-error.tsx'
import { lazyPage } from './lib/lazy-page.tsx'
import { historySearchSchema } from './lib/history-search.ts'
import { cleanupSearchSchema } from './lib/cleanup-search.ts'
import { logSearchSchema } from './lib/log-search.ts'
import { mapSearchSchema } from './lib/map-search.ts'
import { memorySearchSchema } from './lib/memory-search.ts'
import { lookupsSearchSchema, querySearchSchema } from './lib/query-search.ts'
import { parseSearch, recordsSearchSchema, stringifySearch } from './lib/records-search.ts'
import { thresholdsSearchSchema } from './lib/thresholds-search.ts'
import type { Client } from './rpc/client.ts'
import type { Transport } from './rpc/transport.ts'

const QueryPage = lazyPage(async () => (await import('./pages/query-page.tsx')).QueryPage)
const LookupsPage = lazyPage(async () => (await import('./pages/lookups-page.tsx')).LookupsPage)
const LookupLogPage = lazyPage(async () => (await import('./pages/lookup-log-page.tsx')).LookupLogPage)
const MapPage = lazyPage(async () => (await import('./pages/map-page.tsx')).MapPage)
const MemoriesPage = lazyPage(async () => (await import('./pages/memories-page.tsx')).MemoriesPage)
const ThresholdsPage = lazyPage(async () => (await import('./pages/thresholds-page.tsx')).ThresholdsPage)
const CleanupPage = lazyPage(async () => (await import('./pages/cleanup-page.tsx')).CleanupPage)
const HistoryPage = lazyPage(async () => (await import('./pages/history-page.tsx')).HistoryPage)

export interface RouterContext {
  client: Client
  transport: Transport
  queryClient: QueryClient
  /** Where the command line asked to go, once: a window that was loaded with an address of its own, or came back, stays where it is. */
  followCommandLine: { pending: boolean }
}

function RouteError({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  return (
    <QueryError
      error={error}
      onRetry={() => {
        reset()
        void router.invalidate()
      }}
    />
  )
}

const rootRoute = createRootRouteWithContext<RouterContext>()({
  component: function Root() {
    return <RootPage transport={rootRoute.useRouteContext().transport} />
  },
  notFoundComponent: NotFoundPage,
})

const welcomeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: async ({ context: { client, queryClient, followCommandLine } }) => {
    if (!followCommandLine.pending) return
    // Where this fails everything fails, and the page says why.
    const info = await queryClient.fetchQuery(client.query('app.info', {})).catch(() => null)
    if (info === null) return
    followCommandLine.pending = false
    const { startConnectionId } = info
    // Who went elsewhere in the meantime stays there.
    if (startConnectionId !== null && isAtStart())
      throw redirect({ to: '/s/$connectionId', params: { connectionId: startConnectionId }, replace: true })
  },
  component: WelcomePage,
})

const connectionRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/s/$connectionId',
  component: function Connection() {
    const { connectionId } = connectionRoute.useParams()
    return (
      <ConnectionGate key={connectionId} connectionId={connectionId}>
        <Outlet />
      </ConnectionGate>
    )
  },
})

const storeRoute = createRoute({
  getParentRoute: () => connectionRoute,
  path: '/',
  component: function Store() {
    const { connectionId } = storeRoute.useParams()
    return <StoreOverviewPage connectionId={connectionId} engine={<EngineSection connectionId={connectionId} />} />
  },
})

const historyRoute = createRoute({
  getParentRoute: () => connectionRoute,
  path: '/history',
  validateSearch: historySearchSchema,
  component: function History() {
    const { connectionId } = historyRoute.useParams()
    const navigate = historyRoute.useNavigate()
    return (
      <HistoryPage
        connectionId={connectionId}
        search={historyRoute.useSearch()}
        onSearchChange={(next, options) => void navigate({ search: next, replace: options?.replace ?? false })}
      />
    )
  },
})

const collectionRoute = createRoute({
  getParentRoute: () => connectionRoute,
  path: '/c/$collectionId',
  component: function Collection() {
    const { connectionId, collectionId } = collectionRoute.useParams()
    return (
      <CollectionLayout key={collectionId} connectionId={connectionId} collectionId={collectionId}>
        <Outlet />
        <StagedBar collection={{ connectionId, collectionId }} />
      </CollectionLayout>
    )
  },
})

const collectionIndexRoute = createRoute({
  getParentRoute: () => collectionRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/s/$connectionId/c/$collectionId/records', params, replace: true })
  },
})

const collectionOverviewRoute = createRoute({
  getParentRoute: () => collectionRoute,
  path: '/overview',
  component: function CollectionOverview() {
    return <CollectionOverviewPage {...collectionOverviewRoute.useParams()} />
  },
})

const recordsRoute = createRoute({
  getParentRoute: () => collectionRoute,
  path: '/records',
  validateSearch: recordsSearchSchema,
  component: function Records() {
    const { connectionId, collectionId } = recordsRoute.useParams()
    const search = recordsRoute.useSearch()
    const navigate = recordsRoute.useNavigate()
    return (
      <RecordsPage
        connectionId={connectionId}
        collectionId={collectionId}
        search={search}
        onSearchChange={(next, options) => void navigate({ search: next, replace: options?.replace ?? false })}
      />
    )
  },
})

const queryRoute = createRoute({
  getParentRoute: () => collectionRoute,
  path: '/query',
  validateSearch: querySearchSchema,
  component: function Query() {
    const { connectionId, collectionId } = queryRoute.useParams()
    const search = queryRoute.useSearch()
    const navigate = queryRoute.useNavigate()
    return (
      <QueryPage
        connectionId={connectionId}
        collectionId={collectionId}
        search={search}
        onSearchChange={(next, options) => void navigate({ search: next, replace: options?.replace ?? false })}
      />
    )
  },
})

const lookupLogRoute = createRoute({
  getParentRoute: () => collectionRoute,
  path: '/log',
  validateSearch: logSearchSchema,
  component: function LookupLog() {
    const search = lookupLogRoute.useSearch()
    const navigate = lookupLogRoute.useNavigate()
    return (
      <LookupLogPage
        {...lookupLogRoute.useParams()}
        search={search}
        onSearchChange={(next, options) => void navigate({ search: next, replace: options?.replace ?? false })}
      />
    )
  },
})

const lookupsRoute = createRoute({
  getParentRoute: () => collectionRoute,
  path: '/lookups',
  validateSearch: lookupsSearchSchema,
  component: function Lookups() {
    const { connectionId, collectionId } = lookupsRoute.useParams()
    const search = lookupsRoute.useSearch()
    const navigate = lookupsRoute.useNavigate()
    return (
      <LookupsPage
        connectionId={connectionId}
        collectionId={collectionId}
        search={search}
        onSearchChange={(next, options) => void navigate({ search: next, replace: options?.replace ?? false })}
      />
    )
  },
})

const mapRoute = createRoute({
  getParentRoute: () => collectionRoute,
  path: '/map',
  validateSearch: mapSearchSchema,
  component: function Map() {
    const search = mapRoute.useSearch()
    const navigate = mapRoute.useNavigate()
    return (
      <MapPage
        {...mapRoute.useParams()}
        search={search}
        onSearchChange={(next, options) => void navigate({ search: next, replace: options?.replace ?? false })}
      />
    )
  },
})

const memoriesRoute = createRoute({
  getParentRoute: () => collectionRoute,
  path: '/memory',
  validateSearch: memorySearchSchema,
  component: function Memories() {
    const search = memoriesRoute.useSearch()
    const navigate = memoriesRoute.useNavigate()
    return (
      <MemoriesPage
        {...memoriesRoute.useParams()}
        search={search}
        onSearchChange={(next, options) => void navigate({ search: next, replace: options?.replace ?? false })}
      />
    )
  },
})

const thresholdsRoute = createRoute({
  getParentRoute: () => collectionRoute,
  path: '/thresholds',
  validateSearch: thresholdsSearchSchema,
  component: function Thresholds() {
    const search = thresholdsRoute.useSearch()
    const navigate = thresholdsRoute.useNavigate()
    return (
      <ThresholdsPage
        {...thresholdsRoute.useParams()}
        search={search}
        onSearchChange={(next, options) => void navigate({ search: next, replace: options?.replace ?? false })}
      />
    )
  },
})

const cleanupRoute = createRoute({
  getParentRoute: () => collectionRoute,
  path: '/cleanup',
  validateSearch: cleanupSearchSchema,
  component: function Cleanup() {
    const search = cleanupRoute.useSearch()
    const navigate = cleanupRoute.useNavigate()
    return (
      <CleanupPage
        {...cleanupRoute.useParams()}
        search={search}
        onSearchChange={(next, options) => void navigate({ search: next, replace: options?.replace ?? false })}
      />
    )
  },
})

const routeTree = rootRoute.addChildren([
  welcomeRoute,
  connectionRoute.addChildren([
    storeRoute,
    historyRoute,
    collectionRoute.addChildren([
      collectionIndexRoute,
      collectionOverviewRoute,
      recordsRoute,
      queryRoute,
      lookupsRoute,
      lookupLogRoute,
      mapRoute,
      memoriesRoute,
      thresholdsRoute,
      cleanupRoute,
    ]),
  ]),
])

function isAtStart(): boolean {
  return ['', '#', '#/'].includes(location.hash)
}

/** True unless the window was reloaded or came back to this page by its history. */
function isFirstLoad(): boolean {
  const [navigation] = performance.getEntriesByType('navigation')
  return !(navigation instanceof PerformanceNavigationTiming) || navigation.type === 'navigate'
}

/** The addresses of the app, after `#`. To be called when the start token is out of the address. */
export function createAppRouter(context: Omit<RouterContext, 'followCommandLine'>) {
  return createRouter({
    routeTree,
    context: { ...context, followCommandLine: { pending: isAtStart() && isFirstLoad() } },
    history: createHashHistory(),
    parseSearch,
    stringifySearch,
    defaultErrorComponent: RouteError,
    defaultNotFoundComponent: NotFoundPage,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
