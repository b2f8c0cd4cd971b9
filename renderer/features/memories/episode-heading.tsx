import type { Episode } from '../../../shared/contract/memories.ts'
import { formatQuantity } from '../../lib/format.ts'
import { MiddleText } from '../../ui/middle-text.tsx'
import { formatDay, formatMoment } from './memory-words.ts'

function dayOf(time: number | null): string {
  return time === null ? 'Time not known' : formatDay(time)
}

export interface EpisodeHeadingProps {
  readonly episode: Episode
  /** The episode above it; undefined where there is none or it is not known. */
  readonly before: Episode | undefined
  readonly onSelectSession: (session: string) => void
}

/** What stands above an episode: its session where it is the first one, else its day where that is another than before. */
export function EpisodeHeading({ episode, before, onSelectSession }: EpisodeHeadingProps) {
  const { session, number, ofSession, time } = episode
  const isFirst = number === 0
  if (isFirst && session !== null) {
    return (
      <h3 className="flex items-baseline gap-2 px-3 pt-4 pb-1.5 text-small text-ink-muted">
        <span className="shrink-0 font-strong text-ink">{time === null ? 'Time not known' : formatMoment(time)}</span>
        <span className="numeric flex min-w-0">
          <MiddleText text={session} />
        </span>
        <span className="h-px min-w-4 flex-1 self-center bg-line" />
        <button
          type="button"
          title="Select the session"
          onClick={() => onSelectSession(session)}
          className="shrink-0 rounded-sm hover:text-accent hover:underline"
        >
          {formatQuantity(ofSession, 'episode')}
        </button>
      </h3>
    )
  }
  if (!isFirst && (before === undefined || dayOf(time) === dayOf(before.time))) return null
  return (
    <h3 className="flex items-center gap-2 px-3 pt-3 pb-1 text-small text-ink-muted">
      <span className="shrink-0">{isFirst ? `${dayOf(time)} · without a session` : dayOf(time)}</span>
      <span className="h-px flex-1 bg-line" />
    </h3>
  )
}
