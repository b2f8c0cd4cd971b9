import { cx } from './cx.ts'

export type SimilarityTone = 'plain' | 'hit' | 'near' | 'miss'

const fills: Record<SimilarityTone, string> = {
  plain: 'bg-accent-line',
  hit: 'bg-hit',
  near: 'bg-near',
  miss: 'bg-line-strong',
}

/** Where a similarity stands between `from` and 1, in per cent of the width. */
function place(similarity: number, from: number): number {
  return Math.min(100, Math.max(0, (100 * (similarity - from)) / (1 - from)))
}

export interface SimilarityBarProps {
  /** Cosine similarity, -1 to 1; null where there is none. */
  similarity: number | null
  /** Similarity at the left end. */
  from: number
  tone: SimilarityTone
}

/** A similarity as a bar on a scale that all rows share. The number stands beside it. */
export function SimilarityBar({ similarity, from, tone }: SimilarityBarProps) {
  return (
    <span aria-hidden="true" className="relative block h-full min-h-7 w-full">
      <span className="absolute inset-x-0 top-1/2 h-2 -translate-y-1/2 rounded-sm bg-pressed">
        {similarity !== null && (
          <span className={cx('absolute inset-y-0 left-0 rounded-sm', fills[tone])} style={{ width: `${place(similarity, from)}%` }} />
        )}
      </span>
    </span>
  )
}
