import { useQuery } from '@tanstack/react-query'
import { Settings } from 'lucide-react'
import type { EngineCandidate } from '../../../shared/contract/engine.ts'
import { useClient } from '../../lib/client-context.tsx'
import { useOverlay } from '../../lib/overlay.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Section } from '../../ui/section.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { EngineLogs } from './engine-logs.tsx'

const stateWords = { off: 'off', starting: 'starting', running: 'running', stopping: 'stopping', failed: 'failed' }

function Candidate({ candidate, first }: { candidate: EngineCandidate; first: boolean }) {
  return (
    <li className="flex items-baseline gap-3 px-3 py-1.5">
      <div className="min-w-0 flex-1">
        <span className="wrap-anywhere">{candidate.label}</span>
        {candidate.version !== null && <span className="numeric ml-2 text-ink-muted">{candidate.version}</span>}
        {candidate.note !== null && <p className="text-small wrap-anywhere text-ink-muted">{candidate.note}</p>}
      </div>
      {!candidate.usable ? <Badge>not usable here</Badge> : first ? <Badge tone="accent">would be used</Badge> : <Badge>usable</Badge>}
    </li>
  )
}

/** The Chroma process: whether one runs for this store, which one would, and what engines wrote to their logs. */
export function EngineSection({ connectionId }: { connectionId: string }) {
  const client = useClient()
  const show = useOverlay((store) => store.show)
  const candidates = useQuery(client.query('engine.candidates', {}))
  const { data: statuses } = useQuery(client.query('engine.status', {}))
  const status = statuses?.find((item) => item.connectionId === connectionId)
  const firstUsable = candidates.data?.findIndex((candidate) => candidate.usable) ?? -1
  return (
    <Section
      title="Engine"
      note={status ? stateWords[status.state] : 'off'}
      action={
        <Button size="small" variant="ghost" icon={<Settings aria-hidden="true" />} onClick={() => show('settings')}>
          Set the command
        </Button>
      }
    >
      <p className="text-ink-muted">
        Reading needs no engine. A Chroma process is started only to write, and only after the store was checked.
        {status?.message && ` ${status.message}`}
        {candidates.data &&
          firstUsable === -1 &&
          ' None can be started on this computer: install Chroma with "pip install chromadb", or name its command.'}
      </p>
      {candidates.isLoadingError ? (
        <QueryError error={candidates.error} onRetry={() => void candidates.refetch()} retrying={candidates.isFetching} />
      ) : candidates.isPending ? (
        <SkeletonLines count={3} />
      ) : (
        candidates.data.length > 0 && (
          <ul aria-label="Engines that were found" className="divide-y divide-line rounded-md border border-line">
            {candidates.data.map((candidate, place) => (
              <Candidate key={`${candidate.kind} ${candidate.label}`} candidate={candidate} first={place === firstUsable} />
            ))}
          </ul>
        )
      )}
      <Disclosure title="Log">
        <EngineLogs />
      </Disclosure>
    </Section>
  )
}
