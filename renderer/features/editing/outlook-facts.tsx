import type { EditingOutlook } from '../../../shared/contract/editing.ts'
import { formatBytes } from '../../lib/format.ts'
import { openedByWords } from '../../lib/opened-by-words.ts'
import { Callout } from '../../ui/callout.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { engineWords } from './engine-words.ts'

interface OutlookFactsProps {
  readonly outlook: EditingOutlook
  /** Most bytes that History may keep; null while it is not known. */
  readonly historyLimit: number | null
  readonly wantsSnapshot: boolean
  readonly onSnapshot: (wanted: boolean) => void
  readonly migrate: boolean
  readonly onMigrate: (agreed: boolean) => void
}

function SnapshotChoice({ outlook, wantsSnapshot, onSnapshot }: Pick<OutlookFactsProps, 'outlook' | 'wantsSnapshot' | 'onSnapshot'>) {
  const { snapshot, migrates } = outlook
  if (snapshot === null) return null
  const fits = snapshot.freeBytes > snapshot.bytes
  return (
    <div className="flex flex-col gap-0.5">
      <Checkbox
        checked={wantsSnapshot || migrates}
        disabled={migrates || !fits}
        onCheckedChange={onSnapshot}
        label="Copy the whole store first"
      />
      <p className="pl-6 text-small text-ink-muted">
        {formatBytes(snapshot.bytes)}, {formatBytes(snapshot.freeBytes)} free
        {migrates && '; a change of format needs it'}
        {!fits && '; there is no room for it'}
      </p>
    </div>
  )
}

/** What starting to edit would mean, found by looking, and what can be chosen. */
export function OutlookFacts({ outlook, historyLimit, wantsSnapshot, onSnapshot, migrate, onMigrate }: OutlookFactsProps) {
  const isServer = outlook.kind === 'server'
  return (
    <div className="flex flex-col gap-4">
      <Facts>
        <Fact name="Written by">
          {isServer ? 'the server itself' : outlook.engine === null ? 'no engine was found' : engineWords(outlook.engine)}
          {outlook.engine?.note && <span className="block text-small text-ink-faint">{outlook.engine.note}</span>}
        </Fact>
        {!isServer && (
          <>
            <Fact name="Open elsewhere">{openedByWords(outlook)}</Fact>
            <Fact name="Format">{outlook.migrates ? 'is changed for good when editing starts' : 'stays as it is'}</Fact>
          </>
        )}
        <Fact name="Undo">
          What each change replaces is kept in History{historyLimit !== null && `, up to ${formatBytes(historyLimit)}`}. Any change can be
          taken back, also later.
        </Fact>
      </Facts>
      {isServer && (
        <p className="text-ink-muted">
          Others may write to the server at the same time. Records that they changed since they were read are never overwritten unasked.
        </p>
      )}
      {outlook.migrates && (
        <Callout severity="warning" title="This engine writes a newer format, which older versions of Chroma no longer open.">
          <Checkbox checked={migrate} onCheckedChange={onMigrate} label="Change the format of this store" className="mt-1.5 text-ink" />
        </Callout>
      )}
      <SnapshotChoice outlook={outlook} wantsSnapshot={wantsSnapshot} onSnapshot={onSnapshot} />
    </div>
  )
}
