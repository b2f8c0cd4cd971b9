import { Tabs as BaseTabs } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

export interface TabItem<Value extends string> {
  value: Value
  label: string
  icon?: ReactNode
  content: ReactNode
}

export interface TabsProps<Value extends string> {
  /** Name of the list of tabs for screen readers. */
  label: string
  value: Value
  onValueChange: (value: Value) => void
  tabs: readonly TabItem<Value>[]
  className?: string
}

/** Class of a tab, shared with tabs that are links. */
export const tabClass =
  'relative flex h-9 items-center gap-1.5 px-2 text-body text-ink-muted transition-colors hover:text-ink data-active:text-ink data-active:font-strong after:absolute after:inset-x-2 after:bottom-0 after:h-0.5 after:rounded-sm data-active:after:bg-accent [&_svg]:size-3.5'

/** Panels of which one is shown. Pages that have an address of their own use links instead. */
export function Tabs<Value extends string>({ label, value, onValueChange, tabs, className }: TabsProps<Value>) {
  return (
    <BaseTabs.Root value={value} onValueChange={(next: Value) => onValueChange(next)} className={cx('flex min-h-0 flex-col', className)}>
      <BaseTabs.List aria-label={label} className="flex shrink-0 gap-1 border-b border-line px-2">
        {tabs.map((tab) => (
          <BaseTabs.Tab key={tab.value} value={tab.value} className={tabClass}>
            {tab.icon}
            {tab.label}
          </BaseTabs.Tab>
        ))}
      </BaseTabs.List>
      {tabs.map((tab) => (
        <BaseTabs.Panel key={tab.value} value={tab.value} className="min-h-0 flex-1 outline-none">
          {tab.content}
        </BaseTabs.Panel>
      ))}
    </BaseTabs.Root>
  )
}
