import { useQuery } from '@tanstack/react-query'
import { RefreshCw } from 'lucide-react'
import { useClient } from '../../lib/client-context.tsx'
import { formatTime } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { Button } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'

/** The latest lines that engines wrote, oldest first. */
export function EngineLogs() {
  const client = useClient()
  const logs = useQuery({ ...client.query('engine.logs', {}), staleTime: 0 })
  if (logs.isLoadingError) return <QueryError error={logs.error} onRetry={() => void logs.refetch()} retrying={logs.isFetching} />
  if (logs.isPending) return <SkeletonLines count={3} />
  return (
    <div className="flex flex-col items-start gap-2">
      {logs.data.length === 0 ? (
        <p className="text-ink-muted">No engine was started yet, so none wrote anything.</p>
      ) : (
        <CodeBlock
          label="Engine log"
          className="w-full"
          text={logs.data.map((line) => `${formatTime(line.at)}  ${line.source}  ${line.line}`).join('\n')}
        />
      )}
      <Button size="small" icon={<RefreshCw aria-hidden="true" />} busy={logs.isFetching} onClick={() => void logs.refetch()}>
        Read the log again
      </Button>
    </div>
  )
}
