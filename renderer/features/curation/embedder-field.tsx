import { useQuery } from '@tanstack/react-query'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { EmbedderInfo } from '../../../shared/contract/embedders.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatCount } from '../../lib/format.ts'
import { Problem } from '../../ui/problem.tsx'
import { Select } from '../../ui/select.tsx'

const nothing = ''

/**
 * Embedders that can make the vectors of another collection: all that are set up, whatever their dimension. First comes the one of
 * `collection`, where one is given and has one.
 */
export function useEmbedders(collection: CollectionRef | null): readonly EmbedderInfo[] {
  const client = useClient()
  const { data: all = [] } = useQuery(client.query('embedders.list', { dimension: null }))
  const { data: choice } = useQuery({
    ...client.query('embedders.choice', collection ?? { connectionId: '', collectionId: '' }),
    enabled: collection !== null,
  })
  const own = choice?.embedder ?? null
  return own === null ? all : [own, ...all.filter(({ id }) => id !== own.id)]
}

interface EmbedderFieldProps {
  readonly label: string
  readonly embedders: readonly EmbedderInfo[]
  readonly value: EmbedderInfo | null
  readonly onValueChange: (value: EmbedderInfo | null) => void
  /** The words for none; where they are absent, one has to be chosen. */
  readonly none?: string
  /** Numbers of the vectors that are there now; null where there are none. */
  readonly dimension: number | null
}

/** One of the embedders, with what it lacks, where it sends texts, and how long its vectors are. */
export function EmbedderField({ label, embedders, value, onValueChange, none, dimension }: EmbedderFieldProps) {
  const others = dimension !== null && value !== null && value.dimension !== null && value.dimension !== dimension
  return (
    <div className="flex flex-col gap-1">
      <Select
        label={label}
        value={value?.id ?? nothing}
        onValueChange={(id) => onValueChange(embedders.find((each) => each.id === id) ?? null)}
        options={[
          ...(none === undefined ? [] : [{ value: nothing, label: none }]),
          ...embedders.map((each) => ({
            value: each.id,
            label: each.title,
            hint: each.dimension === null ? undefined : `${formatCount(each.dimension)}-d`,
          })),
        ]}
        className="w-72 max-w-full"
      />
      {value !== null && (
        <p className="text-small text-ink-muted">
          {value.sendsTo === null ? 'Texts stay on this computer.' : `Sends the texts to ${value.sendsTo}.`}
          {others && ` The vectors will have ${formatCount(value.dimension ?? 0)} numbers instead of ${formatCount(dimension)}.`}
        </p>
      )}
      {value?.needs && <Problem>{value.needs}</Problem>}
    </div>
  )
}
