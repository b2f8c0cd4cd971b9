import { CircleCheck, CircleHelp, CircleX, TriangleAlert } from 'lucide-react'
import type { Parity } from '../../shared/contract/embedders.ts'
import { Badge } from '../ui/badge.tsx'

const words: Record<Parity['verdict'], string> = {
  same: 'same vectors',
  close: 'almost the same vectors',
  different: 'other vectors',
  unknown: 'not comparable',
}

const icons = { same: CircleCheck, close: TriangleAlert, different: CircleX, unknown: CircleHelp }

/** Whether an embedder makes the vectors that a collection holds, in two words. */
export function ParityVerdict({ parity }: { parity: Parity }) {
  const Icon = icons[parity.verdict]
  return (
    <Badge tone={parity.verdict === 'different' ? 'wrong' : 'outline'} icon={<Icon aria-hidden="true" />}>
      {words[parity.verdict]}
      {parity.median !== null && <span className="numeric">{parity.median.toFixed(3)}</span>}
    </Badge>
  )
}
