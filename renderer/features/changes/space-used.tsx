import { formatBytes } from '../../lib/format.ts'
import { NumberInput } from '../../ui/number-input.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'

interface SpaceUsedProps {
  /** In bytes. */
  readonly bytes: number
  readonly limit: number
  readonly onLimit: (bytes: number) => void
}

const megabyte = 1_048_576

/** How much is kept to take changes back, and how much may be. */
export function SpaceUsed({ bytes, limit, onLimit }: SpaceUsedProps) {
  return (
    <div role="group" aria-label="Space of History" className="flex w-72 flex-col gap-1.5 text-small text-ink-muted">
      <div className="flex items-center gap-2">
        <span className="flex-1">{formatBytes(bytes)} kept, at most</span>
        <NumberInput
          label="Most that History may keep, in megabytes"
          value={Math.round(limit / megabyte)}
          onValueCommit={(megabytes) => onLimit(Math.round(megabytes * megabyte))}
          isValid={(megabytes) => megabytes >= 1 && megabytes <= 10_000_000}
          unit="MB"
          className="numeric w-24"
        />
      </div>
      <ProgressBar label="Space that History uses" done={bytes} total={limit} />
      <p className="text-ink-faint">A change that would not fit is refused; nothing is dropped by itself.</p>
    </div>
  )
}
