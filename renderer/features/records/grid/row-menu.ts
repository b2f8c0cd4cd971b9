import type { Field } from '../../../../shared/domain/profiles/profile.ts'
import { formatMetadataValue, type MetadataScalar } from '../../../../shared/domain/metadata.ts'
import type { StoredRecord } from '../../../../shared/domain/record.ts'
import type { MenuEntry } from '../../../ui/menu.tsx'
import type { GridColumn } from '../columns/column.ts'
import { cellValue } from './cell-value.ts'

interface RowMenuActions {
  readonly onOpen: () => void
  readonly onFindSimilar: () => void
  readonly onDuplicate: () => void
  readonly onDelete: () => void
  readonly onCopyText: (text: string) => void
  readonly onPick: (key: string, value: MetadataScalar) => void
  readonly onExclude: (key: string, value: MetadataScalar) => void
}

function filterable(field: Field, record: StoredRecord): { key: string; value: MetadataScalar } | null {
  if (field.from !== 'metadata' || field.path !== null) return null
  const value = record.metadata?.get(field.key)
  return value === undefined || Array.isArray(value) ? null : { key: field.key, value }
}

/** What can be done with a cell under the pointer. */
export function rowMenu(record: StoredRecord, column: GridColumn | undefined, actions: RowMenuActions): MenuEntry[] {
  const cell = column === undefined ? null : cellValue(column, record)
  const picked = column === undefined ? null : filterable(column.field, record)
  return [
    { label: 'Open record', shortcut: 'enter', onSelect: actions.onOpen },
    { label: 'Find similar', onSelect: actions.onFindSimilar },
    { kind: 'separator' },
    {
      label: 'Filter by this value',
      disabled: picked === null,
      onSelect: () => picked && actions.onPick(picked.key, picked.value),
    },
    {
      label: 'Leave out this value',
      disabled: picked === null,
      onSelect: () => picked && actions.onExclude(picked.key, picked.value),
    },
    { kind: 'separator' },
    {
      label: 'Copy value',
      disabled: cell?.kind !== 'value',
      onSelect: () => cell?.kind === 'value' && actions.onCopyText(formatMetadataValue(cell.value)),
    },
    { label: 'Copy ID', onSelect: () => actions.onCopyText(record.id) },
    { kind: 'separator' },
    { label: 'Duplicate…', onSelect: actions.onDuplicate },
    { label: 'Delete…', destructive: true, onSelect: actions.onDelete },
  ]
}
