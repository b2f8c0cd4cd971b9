import { useMutation, useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { CollectionRef, MetadataKey } from '../../../../shared/contract/collections.ts'
import type { TableLayout } from '../../../../shared/contract/settings.ts'
import type { ProfileMapping } from '../../../../shared/domain/profiles/profile.ts'
import { useClient } from '../../../lib/client-context.tsx'
import { chooseColumns, defaultWidth } from './choose-columns.ts'
import { availableColumns, type GridColumn } from './column.ts'
import { fillWidth, placeColumns } from './layout.ts'

/** How long the layout rests before it is kept, in milliseconds: a drag changes it with every pixel. */
const rest = 400

/** The columns of the records table: those chosen at first, or the person's own, which are remembered per collection. */
export function useTableLayout(collection: CollectionRef, keys: readonly MetadataKey[], mapping: ProfileMapping, total: number) {
  const client = useClient()
  const { data: kept, isPending } = useQuery(client.query('settings.tableLayout', collection))
  const { mutate } = useMutation(client.mutation('settings.setTableLayout'))
  const [edited, setEdited] = useState<TableLayout | null>(null)

  const columns = useMemo(() => availableColumns(keys, mapping), [keys, mapping])
  const first = useMemo(() => chooseColumns(columns, keys, mapping, total), [columns, keys, mapping, total])
  const own = edited ?? kept ?? null
  const usable = own !== null && placeColumns(own, columns).length > 0 ? own : null
  const layout = usable ?? first

  const { connectionId, collectionId } = collection
  useEffect(() => {
    if (edited === null) return
    const timer = setTimeout(() => mutate({ connectionId, collectionId, layout: edited }), rest)
    return () => clearTimeout(timer)
  }, [edited, mutate, connectionId, collectionId])

  const place = useCallback(
    (width: number) => {
      const placed = placeColumns(layout, columns)
      return usable === null ? fillWidth(placed, width) : placed
    },
    [layout, columns, usable],
  )
  const reset = useCallback(() => {
    setEdited(null)
    mutate({ connectionId, collectionId, layout: null })
  }, [mutate, connectionId, collectionId])
  const widthOf = useCallback((column: GridColumn) => defaultWidth(column, keys), [keys])

  return { columns, layout, isPending, isOwn: usable !== null, place, setLayout: setEdited, reset, widthOf }
}
