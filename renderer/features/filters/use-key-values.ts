import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { storedOrder, type Facet } from '../../../shared/contract/records.ts'
import type { MetadataScalar } from '../../../shared/domain/metadata.ts'
import { noFilter } from '../../../shared/domain/where.ts'
import { useClient } from '../../lib/client-context.tsx'

const valuesAskedFor = 100

function request({ connectionId, collectionId }: CollectionRef, key: string) {
  return { view: { connectionId, collectionId, filter: noFilter, sort: storedOrder }, keys: [key], values: valuesAskedFor }
}

/** How the values of a key are spread over the whole collection, for suggestions; undefined until known or where there is no key. */
export function useKeyFacet(collection: CollectionRef, key: string): Facet | undefined {
  const client = useClient()
  const { data } = useQuery({ ...client.query('records.facets', request(collection, key)), enabled: key !== '' })
  return data?.[0]
}

/** The most frequent values of a key, asked for when they are needed. */
export function useValuesOf(collection: CollectionRef): (key: string) => Promise<MetadataScalar[]> {
  const client = useClient()
  const queryClient = useQueryClient()
  const { connectionId, collectionId } = collection
  return useCallback(
    async (key) => {
      const facets = await queryClient.fetchQuery(client.query('records.facets', request({ connectionId, collectionId }, key)))
      const facet = facets[0]
      return facet?.kind === 'values' ? facet.values.map(({ value }) => value) : []
    },
    [client, queryClient, connectionId, collectionId],
  )
}
