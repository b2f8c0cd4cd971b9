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
import { isRead, type ReadLog } from './read-log.ts'

export interface LogToolbarProps {
  collection: CollectionRef
  log: LookupLog
  logs: readonly LookupLog[]
  onChoose: (logId: string) => void
  onStarted: (started: { jobId: string } | null) => void
  onClose: () => void
  /** Ways to other logs. */
  children: ReactNode
}

/** Which log is shown, how it is read, and whether it is followed. */
export function LogToolbar({ collection, log, logs, onChoose, onStarted, onClose, children }: LogToolbarProps) {
  return (
    <div className="@container shrink-0 border-b border-line">
      <div className="flex min-h-10 flex-wrap items-center gap-2 px-4 py-1.5">
        <Select
          size="small"
          className="max-w-48"
          label="Log"
          value={log.id}
          onValueChange={onChoose}
          options={logs.map(({ id, name }) => ({ value: id, label: name }))}
        />
        {isRead(log) && <ReadLogTools collection={collection} log={log} onStarted={onStarted} />}
        <span className="flex-1" />
        {children}
        <IconButton size="small" label="Close the log" icon={<X aria-hidden="true" />} onClick={onClose} />
      </div>
    </div>
  )
}

function ReadLogTools({ collection, log, onStarted }: Pick<LogToolbarProps, 'collection' | 'onStarted'> & { log: ReadLog }) {
  const client = useClient()
  const [shown, setShown] = useState<'mapping' | 'malformed' | null>(null)
  const watch = useMutation(client.mutation('lookupLogs.watch'))
  const replay = useMutation(client.mutation('lookupLogs.replay'))
  const ref = { ...collection, logId: log.id }
  const { format, bytes, memory, watching, withoutSimilarity, replayed, malformed } = log.facts
  return (
    <>
      <span className="hidden text-small text-ink-muted @min-[58rem]:inline" title={log.path}>
        {format === 'csv' ? 'CSV' : 'JSON lines'}, {formatBytes(bytes)} read, {formatBytes(memory)} in memory
      </span>
      <Button
        size="small"
        icon={<Radio aria-hidden="true" />}
        aria-pressed={watching}
        variant={watching ? 'primary' : 'default'}
        busy={watch.isPending}
        onClick={() => watch.mutate({ ...ref, watching: !watching })}
      >
        {watching ? 'Following' : 'Follow'}
      </Button>
      <Button size="small" icon={<Columns3 aria-hidden="true" />} onClick={() => setShown('mapping')}>
        Columns
      </Button>
      {withoutSimilarity > 0 && (
        <Tooltip content="Looks them up again as the dry run would, to fill in what the log does not tell. Neither the log nor the store is changed.">
          <Button
            size="small"
            icon={<RotateCcw aria-hidden="true" />}
            busy={replay.isPending}
            onClick={() => replay.mutate(ref, { onSuccess: onStarted })}
          >
            {`Replay ${formatQuantity(withoutSimilarity, 'lookup')} without a similarity`}
          </Button>
        </Tooltip>
      )}
      {replayed > 0 && <span className="text-small text-ink-muted">{formatCount(replayed)} replayed</span>}
      {malformed > 0 && (
        <Button size="small" variant="ghost" onClick={() => setShown('malformed')}>
          {formatQuantity(malformed, 'malformed line')}
        </Button>
      )}
      {shown === 'mapping' && <MappingEditor collection={collection} log={log} onClose={() => setShown(null)} onStarted={onStarted} />}
      {shown === 'malformed' && <MalformedDialog collection={collection} log={log} onClose={() => setShown(null)} />}
    </>
  )
}
