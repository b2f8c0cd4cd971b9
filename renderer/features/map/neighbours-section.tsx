import { useQuery } from '@tanstack/react-query'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { formatMetadataValue } from '../../../shared/domain/metadata.ts'
import type { ProfileMapping } from '../../../shared/domain/profiles/profile.ts'
import { readRole } from '../../../shared/domain/profiles/read-role.ts'
import { useClient } from '../../lib/client-context.tsx'
import { describeError } from '../../lib/describe-error.ts'
import { textColumns } from '../../lib/text-columns.ts'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'

interface NeighboursSectionProps {
  readonly collection: CollectionRef
  readonly mapping: ProfileMapping
  readonly id: string
  readonly onOpen: (id: string) => void
}

/** The records that are nearest to one in truth, wherever the map has put them; the map draws lines to them. */
export function NeighboursSection({ collection, mapping, id, onOpen }: NeighboursSectionProps) {
  const client = useClient()
  const near = useQuery(client.query('neighbours.of', { ...collection, k: 16, metric: 'cosine', id }))
  const ids = near.data?.neighbours.map((neighbour) => neighbour.id) ?? []
  const { data: records } = useQuery({ ...client.query('records.get', { ...collection, ids }), enabled: ids.length > 0 })
  const [column] = textColumns(mapping)
  const textOf = (neighbour: string): string => {
    const record = records?.find((each) => each.id === neighbour)
    const value = record && (column.role === null ? record.document : readRole(mapping, column.role, record))
    return value === null || value === undefined ? neighbour : formatMetadataValue(value)
  }
  return (
    <section aria-label="Neighbours" className="border-t border-line px-4 py-3">
      <h3 className="mb-1 flex h-6 items-center text-small font-strong text-ink-muted">Neighbours by cosine</h3>
      {near.error !== null ? (
        <p role="alert" className="text-small text-ink-muted">
          {describeError(near.error).message}
        </p>
      ) : near.data === undefined ? (
        <SkeletonLines count={5} />
      ) : near.data.neighbours.length === 0 ? (
        <p className="text-small text-ink-muted">{near.data.reason ?? 'There is no other record to compare it with.'}</p>
      ) : (
        <ul className="-mx-2">
          {near.data.neighbours.map(({ id: neighbour, similarity }) => (
            <li key={neighbour}>
              <button
                type="button"
                onClick={() => onOpen(neighbour)}
                className="flex h-7 w-full items-center gap-3 rounded-sm px-2 text-left hover:bg-hover"
              >
                <span className="min-w-0 flex-1 truncate">
                  <UntrustedText text={textOf(neighbour)} limit={160} />
                </span>
                <span className="numeric shrink-0 text-small text-ink-muted">{similarity === null ? '–' : similarity.toFixed(3)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
