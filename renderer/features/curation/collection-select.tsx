import { useQueries, useQuery } from '@tanstack/react-query'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { useClient } from '../../lib/client-context.tsx'
import { collectionsOf } from '../../lib/collections-of.ts'
import { formatCount } from '../../lib/format.ts'
import { visibleString } from '../../lib/visible-text.ts'
import { Select } from '../../ui/select.tsx'

interface CollectionSelectProps {
  readonly label: string
  /** The one that is not offered. */
  readonly except: CollectionRef
  readonly value: CollectionRef | null
  readonly onValueChange: (value: CollectionRef) => void
}

const nothing = ''

function keyOf({ connectionId, collectionId }: CollectionRef): string {
  return `${connectionId} ${collectionId}`
}

/** One of the other collections of the stores that are open. */
export function CollectionSelect({ label, except, value, onValueChange }: CollectionSelectProps) {
  const client = useClient()
  const { data: connections = [] } = useQuery(client.query('connections.list', {}))
  const open = connections.filter(({ isOpen }) => isOpen)
  const catalogs = useQueries({ queries: open.map(({ id }) => client.query('collections.catalog', { connectionId: id })) })
  const options = open.flatMap((connection, place) => {
    const catalog = catalogs[place]?.data
    return (catalog ? collectionsOf(catalog) : [])
      .map(({ id, name, count, dimension, space }) => ({
        ref: { connectionId: connection.id, collectionId: id },
        label: open.length > 1 ? `${connection.title} / ${visibleString(name)}` : visibleString(name),
        hint: [count === null ? null : formatCount(count), dimension === null ? null : `${dimension}-d`, space].filter(Boolean).join(' · '),
      }))
      .filter(({ ref }) => keyOf(ref) !== keyOf(except))
  })
  return (
    <Select
      label={label}
      value={value === null ? nothing : keyOf(value)}
      onValueChange={(key) => {
        const chosen = options.find(({ ref }) => keyOf(ref) === key)
        if (chosen) onValueChange(chosen.ref)
      }}
      options={[
        ...(value === null
          ? [{ value: nothing, label: options.length === 0 ? 'There is no other collection' : 'Choose a collection' }]
          : []),
        ...options.map((option) => ({ value: keyOf(option.ref), label: option.label, hint: option.hint })),
      ]}
      disabled={options.length === 0}
      className="w-full"
    />
  )
}
