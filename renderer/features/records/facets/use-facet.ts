import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { storedOrder, type RecordView } from '../../../../shared/contract/records.ts'
import { withPeriod } from '../../../../shared/domain/period.ts'
import { withoutFacet } from '../../../../shared/domain/where-edit.ts'
import { useClient } from '../../../lib/client-context.tsx'

/** The facet of one key for the current filter, without what the facet itself picked; asked for only while it is unfolded. */
export function useFacet(view: RecordView, key: string, values: number, enabled: boolean) {
  const client = useClient()
  const filter = {
    ...view.filter,
    where: withoutFacet(view.filter.where, key),
    periods: withPeriod(view.filter.periods, key, null),
  }
  return useQuery({
    ...client.query('records.facets', { view: { ...view, filter, sort: storedOrder }, keys: [key], values }),
    select: (facets) => facets[0],
    placeholderData: keepPreviousData,
    enabled,
  })
}
