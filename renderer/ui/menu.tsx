import { ContextMenu as BaseContextMenu } from '@base-ui/react/context-menu'
import { Menu as BaseMenu } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { cx } from './cx.ts'
import { Kbd } from './kbd.tsx'
import { itemClass, popupClass } from './popup-style.ts'

export type MenuEntry =
  | { kind?: 'action'; label: string; icon?: ReactNode; shortcut?: string; disabled?: boolean; destructive?: boolean; onSelect: () => void }
  | { kind: 'check'; label: string; checked: boolean; disabled?: boolean; onCheckedChange: (checked: boolean) => void }
  | { kind: 'heading'; label: string }
  | { kind: 'separator' }

function MenuEntries({ entries }: { entries: readonly MenuEntry[] }) {
  return entries.map((entry, place) => {
    switch (entry.kind) {
      case 'separator':
        return <BaseMenu.Separator key={place} className="mx-1 my-1 h-px bg-line" />
      case 'heading':
        return (
          <div key={place} role="presentation" className="px-2 pt-1.5 pb-1 text-small text-ink-faint">
            {entry.label}
          </div>
        )
      case 'check':
        return (
          <BaseMenu.CheckboxItem
            key={place}
            checked={entry.checked}
            onCheckedChange={entry.onCheckedChange}
            disabled={entry.disabled}
            closeOnClick={false}
            className={itemClass}
          >
            <span className="w-3.5">
              <BaseMenu.CheckboxItemIndicator>
                <Check aria-hidden="true" />
              </BaseMenu.CheckboxItemIndicator>
            </span>
            <span className="min-w-0 flex-1 truncate">{entry.label}</span>
          </BaseMenu.CheckboxItem>
        )
      default:
        return (
          <BaseMenu.Item
            key={place}
            onClick={entry.onSelect}
            disabled={entry.disabled}
            className={cx(itemClass, entry.destructive && 'text-wrong', '[&_svg]:opacity-75')}
          >
            {entry.icon}
            <span className="min-w-0 flex-1 truncate">{entry.label}</span>
            {entry.shortcut && <Kbd keys={entry.shortcut} className="ml-4" />}
          </BaseMenu.Item>
        )
    }
  })
}

const menuPopupClass = cx(popupClass, 'max-h-(--available-height) min-w-44 max-w-80 overflow-y-auto p-1')

export interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement
  entries: readonly MenuEntry[]
  align?: 'start' | 'center' | 'end'
}

/** A menu under a button. */
export function Menu({ trigger, entries, align = 'start' }: MenuProps) {
  return (
    <BaseMenu.Root>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner sideOffset={4} align={align} collisionPadding={8} className="z-50">
          <BaseMenu.Popup className={menuPopupClass}>
            <MenuEntries entries={entries} />
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  )
}

/** The same menu at the pointer, on right click or long press of its child. */
export function ContextMenu({ children, entries }: { children: ReactElement; entries: readonly MenuEntry[] }) {
  return (
    <BaseContextMenu.Root>
      <BaseContextMenu.Trigger render={children} />
      <BaseContextMenu.Portal>
        <BaseContextMenu.Positioner className="z-50">
          <BaseContextMenu.Popup className={menuPopupClass}>
            <MenuEntries entries={entries} />
          </BaseContextMenu.Popup>
        </BaseContextMenu.Positioner>
      </BaseContextMenu.Portal>
    </BaseContextMenu.Root>
  )
}
