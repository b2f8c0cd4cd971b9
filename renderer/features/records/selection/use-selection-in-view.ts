import { useCallback, useEffect, useMemo } from 'react'
import type { CollectionRef } from '../../../../shared/contract/collections.ts'
import { encode } from '../../../../shared/rpc/codec.ts'
import { useClient } from '../../../lib/client-context.tsx'
import { formatQuantity } from '../../../lib/format.ts'
import { countRanges } from '../../../lib/selection/ranges.ts'
import { countSelected, withIdsOnly, type Selection } from '../../../lib/selection/selection.ts'
import { idsOf, nothingSelectedAnywhere } from '../../../lib/selection/selections.ts'
import { useSelection } from '../../../lib/selection/use-selection.ts'
import { toast } from '../../../ui/toast.tsx'
import type { ShownView } from '../grid/use-record-pages.ts'

/** Most places whose ids are carried over to another order or filter. */
const maxCarriedOver = 100_000

/**
 * The selection of a collection as a view shows it. Places selected in another order or filter are replaced by their ids; where all
 * of a view was selected and only its order differs, all stays selected. What is too large to be carried over is dropped with a notice.
 */
export function useSelectionInView(collection: CollectionRef, shown: ShownView | null) {
  const client = useClient()
  const { selection: stored, setSelection } = useSelection(collection)
  const { over } = stored
  const isHere = over === null || shown === null || encode(over.view) === shown.key

  useEffect(() => {
    if (isHere || over === null || shown === null) return undefined
    const selected = countRanges(stored.ranges)
    if (selected === over.total && encode(over.view.filter) === encode(shown.view.filter)) {
      setSelection({ ...stored, over: { view: shown.view, total: shown.total }, anchor: null, cursor: null })
      return undefined
    }
    if (selected > maxCarriedOver) {
      setSelection(nothingSelectedAnywhere)
      toast({
        key: 'selection',
        message: `The selection of ${formatQuantity(selected, 'record')} was cleared.`,
        remedy: `At most ${formatQuantity(maxCarriedOver, 'record')} stay selected when the list is filtered or sorted anew.`,
      })
      return undefined
    }
    const controller = new AbortController()
    idsOf(client, stored, controller.signal)
      .catch(() => [])
      .then((ids) => {
        if (!controller.signal.aborted) setSelection({ ...withIdsOnly(ids), over: null })
      })
    return () => controller.abort()
  }, [client, isHere, over, shown, stored, setSelection])

  const selection: Selection = useMemo(() => (isHere ? stored : withIdsOnly(stored.ids)), [isHere, stored])
  const select = useCallback(
    (next: Selection) => setSelection({ ...next, over: shown && { view: shown.view, total: shown.total } }),
    [setSelection, shown],
  )
  return { selection, count: countSelected(stored), setSelection: select }
}
