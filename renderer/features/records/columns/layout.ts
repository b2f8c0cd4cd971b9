import type { TableLayout } from '../../../../shared/contract/settings.ts'
import { readingRoles } from '../../../../shared/domain/profiles/role-names.ts'
import type { GridColumn } from './column.ts'

export const narrowest = 56
export const widest = 1200

export interface PlacedColumn extends GridColumn {
  /** CSS pixels. */
  readonly width: number
}

/** The columns of a layout that still exist, in its order. */
export function placeColumns(layout: TableLayout, columns: readonly GridColumn[]): PlacedColumn[] {
  const byId = new Map(columns.map((column) => [column.id, column]))
  return layout.columns.flatMap(({ id, width }) => {
    const column = byId.get(id)
    return column === undefined ? [] : [{ ...column, width }]
  })
}

function growsBy(column: GridColumn): number {
  if (column.id === 'document') return 3
  return column.role !== null && readingRoles.has(column.role) ? 3 : 0
}

/** Spreads the width that is left over the columns that hold texts to read. Nothing shrinks. */
export function fillWidth(columns: readonly PlacedColumn[], available: number): PlacedColumn[] {
  const spare = available - columns.reduce((sum, column) => sum + column.width, 0)
  const shares = columns.reduce((sum, column) => sum + growsBy(column), 0)
  if (spare <= 0 || shares === 0) return [...columns]
  return columns.map((column) => ({ ...column, width: column.width + Math.floor((spare * growsBy(column)) / shares) }))
}

export function layoutOf(columns: readonly PlacedColumn[]): TableLayout {
  return { columns: columns.map(({ id, width }) => ({ id, width })) }
}

export function resizeColumn(layout: TableLayout, id: string, width: number): TableLayout {
  const bounded = Math.round(Math.min(widest, Math.max(narrowest, width)))
  return { columns: layout.columns.map((column) => (column.id === id ? { id, width: bounded } : column)) }
}

/** Puts column `id` where `target` is now. */
export function moveColumn(layout: TableLayout, id: string, target: string): TableLayout {
  const moved = layout.columns.find((column) => column.id === id)
  const to = layout.columns.findIndex((column) => column.id === target)
  if (moved === undefined || to === -1) return layout
  const others = layout.columns.filter((column) => column.id !== id)
  return { columns: [...others.slice(0, to), moved, ...others.slice(to)] }
}

/** Moves a column by `steps` places, to the left where negative. */
export function nudgeColumn(layout: TableLayout, id: string, steps: number): TableLayout {
  const at = layout.columns.findIndex((column) => column.id === id)
  const target = layout.columns[Math.min(layout.columns.length - 1, Math.max(0, at + steps))]
  return at === -1 || target === undefined ? layout : moveColumn(layout, id, target.id)
}

export function showColumn(layout: TableLayout, id: string, width: number): TableLayout {
  if (layout.columns.some((column) => column.id === id)) return layout
  return { columns: [...layout.columns, { id, width }] }
}

export function hideColumn(layout: TableLayout, id: string): TableLayout {
  return { columns: layout.columns.filter((column) => column.id !== id) }
}
