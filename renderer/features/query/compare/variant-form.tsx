import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useState } from 'react'
import type { CollectionRef } from '../../../../shared/contract/collections.ts'
import { storedOrder } from '../../../../shared/contract/records.ts'
import { noFilter } from '../../../../shared/domain/where.ts'
import { useClient } from '../../../lib/client-context.tsx'
import { collectionsOf } from '../../../lib/collections-of.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { Select } from '../../../ui/select.tsx'
import { TextInput } from '../../../ui/text-input.tsx'
import type { Variant } from './variant.ts'

interface VariantFormProps {
  readonly collection: CollectionRef
  readonly variant: Variant
  /** The collection that the variant asks. */
  readonly target: CollectionRef
  /** Metadata key of the namespace there; null where there is none. */
  readonly namespaceKey: string | null
  readonly asksText: boolean
  readonly problem: string | null
  readonly onVariant: (variant: Variant | null) => void
}

const same = ''

/** What is otherwise in the second of two queries: collection, embedder, filter and namespace. */
export function VariantForm({ collection, variant, target, namespaceKey, asksText, problem, onVariant }: VariantFormProps) {
  const client = useClient()
  const { data: catalog } = useQuery(client.query('collections.catalog', { connectionId: collection.connectionId }))
  const collections = catalog ? collectionsOf(catalog) : []
  const dimension = collections.find(({ id }) => id === target.collectionId)?.dimension ?? null
  const { data: embedders } = useQuery(client.query('embedders.list', { dimension }))
  const { data: facets } = useQuery({
    ...client.query('records.facets', {
      view: { ...target, filter: noFilter, sort: storedOrder },
      keys: [namespaceKey ?? ''],
      values: 100,
    }),
    enabled: namespaceKey !== null,
  })
  const facet = facets?.[0]
  const namespaces =
    facet?.kind === 'values' ? facet.values.flatMap(({ value }) => (typeof value === 'string' && value !== '' ? [value] : [])) : []
  const [where, setWhere] = useState(variant.where ?? '')
  const set = (part: Partial<Variant>) => {
    const next = { ...variant, ...part }
    onVariant(Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined && value !== same)))
  }

  return (
    <div role="group" aria-label="Second query" className="flex flex-wrap items-center gap-1.5 border-b border-line bg-sunken px-3 py-1.5">
      <span className="text-small text-ink-muted">Compare with</span>
      <Select
        size="small"
        label="Collection of the second query"
        value={variant.collectionId ?? same}
        onValueChange={(collectionId) => set({ collectionId, namespace: same })}
        options={[
          { value: same, label: 'Same collection' },
          ...collections.filter(({ id }) => id !== collection.collectionId).map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      {asksText && (
        <Select
          size="small"
          label="Embedder of the second query"
          value={variant.embedderId ?? same}
          onValueChange={(embedderId) => set({ embedderId })}
          options={[{ value: same, label: 'Chosen embedder' }, ...(embedders ?? []).map(({ id, title }) => ({ value: id, label: title }))]}
        />
      )}
      <Select
        size="small"
        label="Filter of the second query"
        value={variant.filter ?? same}
        onValueChange={(filter) => set({ filter: filter === same ? undefined : filter })}
        options={[
          { value: same, label: 'Same filter' },
          { value: 'none', label: 'No filter' },
          { value: 'own', label: 'Another filter' },
        ]}
      />
      {variant.filter === 'own' && (
        <form
          className="w-72"
          onSubmit={(event) => {
            event.preventDefault()
            set({ where })
          }}
        >
          <TextInput
            size="small"
            aria-label="where of the second query, as Chroma JSON"
            placeholder={'{"key": "value"}'}
            value={where}
            onValueChange={setWhere}
            onBlur={() => set({ where })}
            className="font-mono"
          />
        </form>
      )}
      {namespaceKey !== null && (
        <Select
          size="small"
          label="Namespace of the second query"
          value={variant.namespace ?? same}
          onValueChange={(namespace) => set({ namespace })}
          options={[{ value: same, label: 'All namespaces' }, ...namespaces.map((value) => ({ value, label: value }))]}
        />
      )}
      {problem !== null && (
        <span role="alert" className="text-small text-wrong">
          {problem}
        </span>
      )}
      <IconButton size="small" label="Stop comparing" icon={<X aria-hidden="true" />} onClick={() => onVariant(null)} className="ml-auto" />
    </div>
  )
}
