import { useMutation } from '@tanstack/react-query'
import { Columns3, Radio, RotateCcw, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { LookupLog } from '../../../shared/contract/lookup-logs.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatBytes, formatCount, formatQuantity } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Select } from '../../ui/select.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { MalformedDialog } from './malformed-dialog.tsx'
import { MappingEditor } from './mapping-editor.tsx'

export interface LogToolbarProps {
  collection: CollectionRef
  log: LookupLog
  logs: readonly LookupLog[]
  onChoose: (logId: string) => void
  onStarted: (started: { jobId: string } | null) => void
  children: ReactNode
}

/** Which log is shown, how it is read, and whether it is followed. */
export function LogToolbar({ collection, log, logs, onChoose, onStarted, children }: LogToolbarProps) {
  const client = useClient()
  const [shown, setShown] = useState<'mapping' | 'malformed' | null>(null)
  const watch = useMutation(client.mutation('lookupLogs.watch'))
  const replay = useMutation(client.mutation('lookupLogs.replay'))
  const close = useMutation(client.mutation('lookupLogs.close'))
  const ref = { ...collection, logId: log.id }
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-2 border-b border-line px-4 py-1.5">
      <Select
        size="small"
        label="Log"
        value={log.id}
        onValueChange={onChoose}
        options={logs.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <span className="text-small text-ink-muted" title={log.path}>
        {log.format === 'csv' ? 'CSV' : 'JSON lines'}, {formatBytes(log.bytes)} read, {formatBytes(log.memory)} in memory
      </span>
      <Button
        size="small"
        icon={<Radio aria-hidden="true" />}
        aria-pressed={log.watching}
        variant={log.watching ? 'primary' : 'default'}
        busy={watch.isPending}
        onClick={() => watch.mutate({ ...ref, watching: !log.watching })}
      >
        {log.watching ? 'Following' : 'Follow'}
      </Button>
      <Button size="small" icon={<Columns3 aria-hidden="true" />} onClick={() => setShown('mapping')}>
        Columns
      </Button>
      {log.withoutSimilarity > 0 && (
        <Tooltip content="Looks them up again as the dry run would, to fill in what the log does not tell. Neither the log nor the store is changed.">
          <Button
            size="small"
            icon={<RotateCcw aria-hidden="true" />}
            busy={replay.isPending}
            onClick={() => replay.mutate(ref, { onSuccess: onStarted })}
          >
            {`Replay ${formatQuantity(log.withoutSimilarity, 'lookup')} without a similarity`}
          </Button>
        </Tooltip>
      )}
      {log.replayed > 0 && <span className="text-small text-ink-muted">{formatCount(log.replayed)} replayed</span>}
      {log.malformed > 0 && (
        <Button size="small" variant="ghost" onClick={() => setShown('malformed')}>
          {formatQuantity(log.malformed, 'malformed line')}
        </Button>
      )}
      <span className="flex-1" />
      {children}
      <IconButton size="small" label="Close the log" icon={<X aria-hidden="true" />} onClick={() => close.mutate(ref)} />
      {shown === 'mapping' && <MappingEditor collection={collection} log={log} onClose={() => setShown(null)} onStarted={onStarted} />}
      {shown === 'malformed' && <MalformedDialog collection={collection} log={log} onClose={() => setShown(null)} />}
    </div>
  )
}
