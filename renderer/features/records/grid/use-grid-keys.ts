import type { KeyboardEvent } from 'react'
import {
  clearSelection,
  countSelected,
  extendTo,
  moveCursor,
  selectAll,
  selectOnly,
  toggle,
  type Selection,
} from '../../../lib/selection/selection.ts'

interface GridKeys {
  readonly selection: Selection
  readonly total: number
  readonly rowsPerScreen: number
  readonly idAt: (index: number) => string | undefined
  readonly onSelection: (next: Selection) => void
  /** Shows a row, and opens it in the inspector where that is open. */
  readonly onCursor: (index: number) => void
  readonly onOpen: (index: number) => void
  readonly onCopy: () => void
  /** Escape, when nothing is selected any more. */
  readonly onLeave: () => void
}

function destination(event: KeyboardEvent, cursor: number | null, total: number, rowsPerScreen: number): number | null {
  const at = cursor ?? -1
  switch (event.key) {
    case 'ArrowDown':
    case 'j':
    case 'J':
      return at + 1
    case 'ArrowUp':
    case 'k':
    case 'K':
      return at === -1 ? 0 : at - 1
    case 'PageDown':
      return at + rowsPerScreen
    case 'PageUp':
      return at - rowsPerScreen
    case 'Home':
      return 0
    case 'End':
      return total - 1
    default:
      return null
  }
}

/** The keys of a list of records: arrows, j and k, Home, End and the page keys move; Shift extends; Space selects; Enter opens. */
export function useGridKeys({ selection, total, rowsPerScreen, idAt, onSelection, onCursor, onOpen, onCopy, onLeave }: GridKeys) {
  return (event: KeyboardEvent<HTMLElement>): void => {
    if (event.target !== event.currentTarget || total === 0) return
    const command = event.ctrlKey || event.metaKey
    const handled = () => event.preventDefault()

    if (command && event.key.toLowerCase() === 'a') {
      handled()
      onSelection(selectAll(selection, total))
      return
    }
    if (command && event.key.toLowerCase() === 'c') {
      handled()
      onCopy()
      return
    }
    if (event.key === 'Escape') {
      handled()
      if (countSelected(selection) > 1) onSelection(clearSelection(selection))
      else onLeave()
      return
    }
    if (event.altKey) return
    const { cursor } = selection
    if (event.key === ' ' && cursor !== null) {
      handled()
      onSelection(event.shiftKey ? extendTo(selection, cursor, command) : toggle(selection, cursor, idAt(cursor)))
      return
    }
    if (event.key === 'Enter' && cursor !== null) {
      handled()
      onOpen(cursor)
      return
    }
    if (command && /^[jk]$/i.test(event.key)) return
    const wanted = destination(event, cursor, total, rowsPerScreen)
    if (wanted === null) return
    handled()
    const index = Math.min(total - 1, Math.max(0, wanted))
    if (event.shiftKey) onSelection(extendTo(selection, index, false))
    else onSelection(command ? moveCursor(selection, index) : selectOnly(index))
    onCursor(index)
  }
}
