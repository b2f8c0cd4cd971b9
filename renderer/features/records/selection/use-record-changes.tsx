import { FileInput, Pencil, Plus, Trash2 } from 'lucide-react'
import type { CollectionRef } from '../../../../shared/contract/collections.ts'
import { isUnfiltered, noFilter } from '../../../../shared/domain/where.ts'
import type { Command } from '../../../lib/commands.ts'
import { filterScope, selectionScope } from '../../../lib/editing/named-scopes.ts'
import { useEditing } from '../../../lib/editing/use-editing.ts'
import { formatQuantity } from '../../../lib/format.ts'
import { countSelected, type Selection } from '../../../lib/selection/selection.ts'
import type { MenuEntry } from '../../../ui/menu.tsx'
import type { ShownView } from '../grid/use-record-pages.ts'

/** What can be done with the records of a view: with those that are selected, and with all that its filter leaves. */
export function useRecordChanges(
  collection: CollectionRef,
  shown: ShownView | null,
  selection: Selection,
): { readonly entries: MenuEntry[]; readonly commands: Command[]; readonly addRecord: () => void } {
  const { ask } = useEditing(collection.connectionId)
  const selected = countSelected(selection)
  const total = shown?.total ?? 0
  const all = filterScope(shown?.view.filter ?? noFilter, total)
  const isFiltered = shown !== null && !isUnfiltered(shown.view.filter)
  const hasSelected = shown !== null && selected > 0
  const forSelected = (kind: 'bulk' | 'delete') => () => {
    if (hasSelected) ask({ kind, collection, records: selectionScope(shown.view, selection) })
  }
  const forAll = (kind: 'bulk' | 'delete') => () => ask({ kind, collection, records: all })
  const addRecord = (): void => ask({ kind: 'add', collection, from: null })
  const importFiles = (): void => ask({ kind: 'import', collection, files: [] })
  const pencil = <Pencil aria-hidden="true" />
  const bin = <Trash2 aria-hidden="true" />
  const words = formatQuantity(selected, 'selected record')
  return {
    addRecord,
    entries: [
      { label: 'Add a record…', icon: <Plus aria-hidden="true" />, onSelect: addRecord },
      { label: 'Import files…', icon: <FileInput aria-hidden="true" />, onSelect: importFiles },
      { kind: 'separator' },
      { kind: 'heading', label: selected === 0 ? 'No record is selected' : `${formatQuantity(selected, 'record')} selected` },
      { label: 'Change selected…', icon: pencil, disabled: !hasSelected, onSelect: forSelected('bulk') },
      {
        label: 'Delete selected…',
        icon: bin,
        shortcut: 'delete',
        destructive: true,
        disabled: !hasSelected,
        onSelect: forSelected('delete'),
      },
      { kind: 'separator' },
      {
        kind: 'heading',
        label: isFiltered ? `All ${formatQuantity(total, 'record')} that match` : `All ${formatQuantity(total, 'record')}`,
      },
      { label: 'Change all…', icon: pencil, disabled: total === 0, onSelect: forAll('bulk') },
      { label: 'Delete all…', icon: bin, destructive: true, disabled: total === 0, onSelect: forAll('delete') },
    ],
    commands: [
      { id: 'records.add', title: 'Add a record…', group: 'Records', run: addRecord },
      { id: 'records.import', title: 'Import files…', group: 'Records', run: importFiles },
      ...(total === 0
        ? []
        : [
            { id: 'records.change-all', title: `Change ${all.words}…`, group: 'Records', run: forAll('bulk') },
            { id: 'records.delete-all', title: `Delete ${all.words}…`, group: 'Records', run: forAll('delete') },
          ]),
      ...(hasSelected
        ? [
            { id: 'records.change-selected', title: `Change ${words}…`, group: 'Records', run: forSelected('bulk') },
            { id: 'records.delete-selected', title: `Delete ${words}…`, group: 'Records', shortcut: 'delete', run: forSelected('delete') },
          ]
        : []),
    ],
  }
}
