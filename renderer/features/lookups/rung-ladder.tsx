import type { DryRun, LookupSettings, Rung } from '../../../shared/contract/lookups.ts'
import { nearMissBand } from '../../../shared/domain/lookup.ts'
import type { Space } from '../../../shared/domain/space.ts'
import { formatRelativeTime, formatTime } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { Badge } from '../../ui/badge.tsx'
import { DiffText } from '../../ui/diff-text.tsx'
import { Ladder, scaleStart, type LadderRow } from '../../ui/ladder.tsx'
import type { SimilarityTone } from '../../ui/similarity-bar.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'

interface RungLadderProps {
  readonly run: DryRun
  readonly query: string
  readonly settings: LookupSettings
  readonly space: Space | null
  readonly onThreshold: (threshold: number) => void
  readonly openId: string | null
  readonly onOpen: (id: string) => void
}

/** At another time than now, how long ago it is would be counted from a time that nobody looks from. */
function expiredWord(since: number, at: number | null, now: number): string {
  return at === null ? `expired ${formatRelativeTime(since, now)}` : 'expired'
}

function toneOf(rung: Rung, threshold: number): SimilarityTone {
  if (!rung.eligible) return 'miss'
  const similarity = rung.similarity ?? Number.NaN
  if (similarity >= threshold || rung.exactText) return 'hit'
  return similarity >= threshold - nearMissBand ? 'near' : 'miss'
}

/** @param at the time of the lookup; null means now */
function Flags({ rung, isWinner, tone, at }: { rung: Rung; isWinner: boolean; tone: SimilarityTone; at: number | null }) {
  const now = useNow()
  return (
    <span className="inline-flex flex-wrap gap-1">
      {isWinner && <Badge tone="hit">answers</Badge>}
      {!isWinner && tone === 'hit' && <Badge tone="hit">above</Badge>}
      {tone === 'near' && <Badge tone="near">near miss</Badge>}
      {rung.exactText && <Badge tone="outline">same text</Badge>}
      {!rung.inNamespace && <Badge tone="outline">other namespace</Badge>}
      {rung.expiredSince !== null && (
        <span title={formatTime(rung.expiredSince)}>
          <Badge tone="miss">{expiredWord(rung.expiredSince, at, now)}</Badge>
        </span>
      )}
      {rung.madeLater && <Badge tone="outline">made later</Badge>}
      {tone === 'miss' && rung.eligible && <span className="text-ink-faint">below</span>}
    </span>
  )
}

/** The entries nearest to a query, with the threshold drawn through them and what the layers make of each. */
export function RungLadder({ run, query, settings, space, onThreshold, openId, onOpen }: RungLadderProps) {
  const hasNamespaces = run.ladder.some(({ namespace }) => namespace !== null)
  const rows = run.ladder.map((rung): LadderRow => {
    const tone = toneOf(rung, settings.threshold)
    return {
      id: rung.record.id,
      similarity: rung.similarity,
      distance: rung.distance,
      tone,
      cells: [
        rung.text === null ? (
          <span key="text" className="text-ink-faint">
            none
          </span>
        ) : (
          <DiffText key="text" query={query} text={rung.text} />
        ),
        ...(hasNamespaces
          ? [
              rung.namespace === null || rung.namespace === '' ? (
                <span key="namespace" className="text-ink-faint">
                  none
                </span>
              ) : (
                <UntrustedText key="namespace" text={rung.namespace} limit={100} />
              ),
            ]
          : []),
        <Flags key="flags" rung={rung} isWinner={rung.record.id === run.verdict.entryId} tone={tone} at={settings.at} />,
      ],
    }
  })
  return (
    <Ladder
      label="Entries near the query"
      rows={rows}
      columns={[
        { name: 'Entry', share: 5 },
        ...(hasNamespaces ? [{ name: 'Namespace', share: 1.5 }] : []),
        { name: 'Outcome', share: 2.5 },
      ]}
      space={space}
      threshold={settings.threshold}
      onThreshold={onThreshold}
      from={scaleStart(rows.map(({ similarity }) => similarity))}
      openId={openId}
      onOpen={onOpen}
    />
  )
}
