import { Check, X } from 'lucide-react'
import type { Label, LabelSource } from '../../../shared/domain/thresholds/evidence.ts'
import { Badge } from '../../ui/badge.tsx'
import { labelWords, sourceWords } from './threshold-words.ts'

/** What was said of an answer, and by whom. */
export function LabelBadge({ label, source }: { label: Label; source: LabelSource }) {
  if (label === 'unknown') return <Badge tone="outline">{labelWords.unknown}</Badge>
  const words = `${labelWords[label]}${source === 'weak' ? ', weak' : ''}`
  return (
    <span title={`Label: ${sourceWords[source]}`} className="inline-flex">
      {label === 'right' ? (
        <Badge tone="neutral" icon={<Check aria-hidden="true" />}>
          {words}
        </Badge>
      ) : (
        <Badge tone="wrong" icon={<X aria-hidden="true" />}>
          {words}
        </Badge>
      )}
    </span>
  )
}
