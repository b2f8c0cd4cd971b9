import { MutationCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect } from 'react'
import { ClientProvider } from './lib/client-context.tsx'
import { fetchPages } from './lib/lazy-page.tsx'
import { toastError } from './lib/toast-error.ts'
import { createClient } from './rpc/client.ts'
import { connect } from './rpc/connect.ts'
import { createAppRouter } from './routes.tsx'
import { ToastProvider } from './ui/toast.tsx'
import { TooltipProvider } from './ui/tooltip.tsx'

const queryClient = new QueryClient({
  defaultOptions: {
    // The core is on this machine: an error is an answer, being offline does not matter, and events say what is out of date.
    queries: { retry: false, networkMode: 'always', refetchOnWindowFocus: false, refetchOnReconnect: false, staleTime: 60_000 },
    mutations: { networkMode: 'always' },
  },
  mutationCache: new MutationCache({
    onError: (error, _variables, _result, mutation) => {
      if (mutation.meta?.['showsError'] !== true) toastError(error)
    },
  }),
})
/** Late enough to leave the first records alone, in milliseconds. */
const fetchPagesAfter = 3000

const transport = connect()
const client = createClient(transport, queryClient)
const router = createAppRouter({ client, transport, queryClient })

/** The window: providers around the router. A mutation with `meta: { showsError: true }` shows its error itself; all others get a toast. */
export function App() {
  useEffect(() => {
    const timer = setTimeout(() => void fetchPages(), fetchPagesAfter)
    return () => clearTimeout(timer)
  }, [])
  return (
    <QueryClientProvider client={queryClient}>
      <ClientProvider client={client}>
        <TooltipProvider>
          <ToastProvider>
            <RouterProvider router={router} />
          </ToastProvider>
        </TooltipProvider>
      </ClientProvider>
    </QueryClientProvider>
  )
}
