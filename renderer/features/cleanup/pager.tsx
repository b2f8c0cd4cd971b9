import { ChevronLeft, ChevronRight } from 'lucide-react'
import { formatCount } from '../../lib/format.ts'
import { IconButton } from '../../ui/icon-button.tsx'

interface PagerProps {
  /** What is gone through, such as "Groups". */
  readonly label: string
  readonly offset: number
  readonly limit: number
  readonly total: number
  readonly onChange: (offset: number) => void
}

/** Which part of a list is shown, and ways to the parts beside it. */
export function Pager({ label, offset, limit, total, onChange }: PagerProps) {
  if (total <= limit) return null
  return (
    <div className="flex items-center gap-1">
      <span className="numeric text-small text-ink-muted">
        {`${formatCount(offset + 1)}–${formatCount(Math.min(total, offset + limit))} of ${formatCount(total)}`}
      </span>
      <IconButton
        size="small"
        label={`${label} before these`}
        disabled={offset === 0}
        icon={<ChevronLeft aria-hidden="true" />}
        onClick={() => onChange(Math.max(0, offset - limit))}
      />
      <IconButton
        size="small"
        label={`${label} after these`}
        disabled={offset + limit >= total}
        icon={<ChevronRight aria-hidden="true" />}
        onClick={() => onChange(offset + limit)}
      />
    </div>
  )
}
