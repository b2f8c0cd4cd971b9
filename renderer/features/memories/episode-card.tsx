import type { Episode } from '../../../shared/contract/memories.ts'
import { roleName } from '../../../shared/domain/profiles/role-names.ts'
import { formatTime } from '../../lib/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { cx } from '../../ui/cx.ts'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { formatClock } from './memory-words.ts'
import { TurnText } from './turn-text.tsx'

/** Whether a record still holds, where it says that it does not. */
export function StandingBadge({ standing }: { standing: Episode['standing'] }) {
  if (standing === 'current') return null
  return <Badge tone="miss">{standing}</Badge>
}

function TurnBubble({ turn, onOpen }: { turn: Episode['turns'][number]; onOpen: () => void }) {
  const isNote = turn.speaker === 'other' && turn.label === ''
  return (
    <li
      className={cx(
        'rounded-lg border px-3 py-1.5 text-body',
        isNote
          ? 'border-line bg-canvas'
          : turn.speaker === 'user'
            ? 'max-w-[88%] self-end border-accent-line bg-accent-soft'
            : 'max-w-[88%] self-start border-line bg-sunken',
      )}
    >
      {!isNote && (
        <p className="text-small text-ink-muted">
          <UntrustedText text={turn.label} limit={40} />
        </p>
      )}
      <TurnText turn={turn} onOpen={onOpen} />
    </li>
  )
}

export interface EpisodeCardProps {
  readonly episode: Episode
  readonly isOpen: boolean
  readonly isSelected: boolean
  readonly onOpen: () => void
  readonly onSelect: (selected: boolean) => void
}

/** One episode as it was spoken, with when and what about above it. */
export function EpisodeCard({ episode, isOpen, isSelected, onOpen, onSelect }: EpisodeCardProps) {
  const { id, time, turns, details, standing } = episode
  return (
    <div
      className={cx(
        'group rounded-md px-3 pt-1 pb-2.5 transition-colors',
        isOpen ? 'bg-pressed' : isSelected ? 'bg-accent-soft/60' : 'hover:bg-hover',
      )}
    >
      <header className="mb-1 flex h-6 min-w-0 items-center gap-2 text-small text-ink-muted">
        <Checkbox
          checked={isSelected}
          onCheckedChange={onSelect}
          label={`Select ${id.slice(0, 200)}`}
          hideLabel
          className={cx(!isSelected && 'opacity-0 group-hover:opacity-100 focus-within:opacity-100')}
        />
        {time !== null && (
          <time dateTime={new Date(time).toISOString()} title={formatTime(time)} className="numeric shrink-0">
            {formatClock(time)}
          </time>
        )}
        <StandingBadge standing={standing} />
        <span className="flex min-w-0 flex-1 items-center gap-2 overflow-hidden">
          {details.slice(0, 3).map(({ role, text }) => (
            <span key={role} title={roleName(role)} className="truncate">
              <UntrustedText text={text} limit={60} />
            </span>
          ))}
        </span>
        <button
          type="button"
          aria-current={isOpen || undefined}
          onClick={onOpen}
          className="numeric max-w-40 shrink-0 truncate rounded-sm hover:text-accent hover:underline"
        >
          <UntrustedText text={id} limit={80} />
        </button>
      </header>
      {turns.length === 0 ? (
        <p className="pl-6 text-ink-muted">This record has no text.</p>
      ) : (
        <ol className="flex flex-col gap-1.5 pl-6">
          {turns.map((turn, place) => (
            <TurnBubble key={place} turn={turn} onOpen={onOpen} />
          ))}
        </ol>
      )}
    </div>
  )
}
