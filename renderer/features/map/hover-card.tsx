import { useQuery } from '@tanstack/react-query'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { formatMetadataValue } from '../../../shared/domain/metadata.ts'
import type { ProfileMapping } from '../../../shared/domain/profiles/profile.ts'
import { readRole } from '../../../shared/domain/profiles/read-role.ts'
import { useClient } from '../../lib/client-context.tsx'
import { textColumns } from '../../lib/text-columns.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import type { ScreenPosition } from './scatter/scatter-props.ts'

interface HoverCardProps {
  readonly collection: CollectionRef
  readonly mapping: ProfileMapping
  readonly id: string
  readonly at: ScreenPosition
  /** Size of the map in CSS pixels. */
  readonly width: number
  readonly height: number
  /** Similarity to what is looked for; null where nothing is. */
  readonly similarity: number | null
}

const cardWidth = 320
const distance = 14

/** The record under the pointer, as query and response where the profile knows them. */
export function HoverCard({ collection, mapping, id, at, width, height, similarity }: HoverCardProps) {
  const client = useClient()
  const { data } = useQuery({ ...client.query('records.get', { ...collection, ids: [id] }), staleTime: 30_000 })
  const record = data?.[0]
  const isLeft = at.x + distance + cardWidth > width
  const isUp = at.y > height / 2
  return (
    <div
      className="pointer-events-none absolute z-10 flex flex-col gap-1 rounded-md bg-raised p-2.5 text-small shadow-(--shadow-popup)"
      style={{
        width: Math.min(cardWidth, width - 16),
        left: isLeft ? Math.max(8, at.x - distance - cardWidth) : at.x + distance,
        ...(isUp ? { bottom: height - at.y + distance } : { top: at.y + distance }),
      }}
    >
      <div className="flex gap-2 text-ink-faint">
        <span className="mono min-w-0 flex-1 truncate">
          <UntrustedText text={id} limit={80} />
        </span>
        {similarity !== null && !Number.isNaN(similarity) && <span className="numeric text-ink">{similarity.toFixed(3)}</span>}
      </div>
      {record === undefined ? (
        <Skeleton className="w-40" />
      ) : (
        textColumns(mapping).map(({ name, role }) => {
          const value = role === null ? record.document : readRole(mapping, role, record)
          if (value === null) return null
          return (
            <div key={name}>
              <span className="text-ink-faint">{name} </span>
              <span className="line-clamp-3 text-ink">
                <UntrustedText text={formatMetadataValue(value)} limit={280} />
              </span>
            </div>
          )
        })
      )}
    </div>
  )
}
