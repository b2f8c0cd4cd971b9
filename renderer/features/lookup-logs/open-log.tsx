import { useMutation, useQuery } from '@tanstack/react-query'
import { Code, FolderOpen, Logs, Sparkles } from 'lucide-react'
import { useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { useClient } from '../../lib/client-context.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { LogPicker } from './log-picker.tsx'
import { SnippetsDialog } from './snippets-dialog.tsx'

export interface OpenLogProps {
  collection: CollectionRef
  onStarted: (started: { jobId: string } | null) => void
  /** Small buttons in a tool bar, instead of what stands where a log would be. */
  compact?: boolean
}

/** Words as long as the tool bar has room for. */
function Words({ short, long }: { short: string; long: string }) {
  return (
    <>
      <span className="@min-[48rem]:hidden">{short}</span>
      <span className="hidden @min-[48rem]:inline">{long}</span>
    </>
  )
}

/** Ways to a log: a file, the one that came with the sample, and code that writes one. */
export function OpenLog({ collection, onStarted, compact = false }: OpenLogProps) {
  const client = useClient()
  const [shown, setShown] = useState<'picker' | 'snippets' | null>(null)
  const { data: info } = useQuery(client.query('app.info', {}))
  const { data: sample } = useQuery(client.query('lookupLogs.sample', collection))
  const dialog = useMutation(client.mutation('lookupLogs.openWithDialog'))
  const openSample = useMutation(client.mutation('lookupLogs.openSample'))
  const open = (): void => {
    if (info?.nativeDialogs) dialog.mutate(collection, { onSuccess: onStarted })
    else setShown('picker')
  }
  const size = compact ? 'small' : 'medium'
  const buttons = (
    <>
      {sample?.available && !compact && (
        <Button
          variant="primary"
          icon={<Sparkles aria-hidden="true" />}
          busy={openSample.isPending}
          onClick={() => openSample.mutate(collection, { onSuccess: onStarted })}
        >
          Open the sample’s log
        </Button>
      )}
      <Button
        size={size}
        variant={sample?.available || compact ? 'default' : 'primary'}
        icon={<FolderOpen aria-hidden="true" />}
        busy={dialog.isPending}
        onClick={open}
        aria-label={compact ? 'Open another log' : undefined}
      >
        {compact ? <Words short="Open" long="Open another log" /> : 'Open a log'}
      </Button>
      <Button
        size={size}
        variant={compact ? 'ghost' : 'default'}
        icon={<Code aria-hidden="true" />}
        onClick={() => setShown('snippets')}
        aria-label={compact ? 'How to write a log' : undefined}
      >
        {compact ? <Words short="How to" long="How to write a log" /> : 'How to write a log'}
      </Button>
    </>
  )
  return (
    <>
      {compact ? (
        buttons
      ) : (
        <EmptyState icon={<Logs />} title="No log of lookups is open" action={buttons}>
          A log tells which questions the cache was asked, which it answered, and how near the others were. Files of JSON lines or CSV are
          read and never changed. Until the log is closed, its place and columns are remembered, and nothing of what it holds.
        </EmptyState>
      )}
      {shown === 'picker' && (
        <LogPicker
          collection={collection}
          onClose={() => setShown(null)}
          onStarted={(started) => {
            setShown(null)
            onStarted(started)
          }}
        />
      )}
      {shown === 'snippets' && <SnippetsDialog onClose={() => setShown(null)} />}
    </>
  )
}
