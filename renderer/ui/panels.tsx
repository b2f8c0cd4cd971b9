import type { ReactNode, Ref } from 'react'
import { Group, Panel as BasePanel, Separator, useDefaultLayout, type PanelImperativeHandle } from 'react-resizable-panels'
import { cx } from './cx.ts'

interface PanelGroupProps {
  /** Called after a person, and nothing else, changed the sizes. */
  onResized?: () => void
  orientation?: 'horizontal' | 'vertical'
  className?: string
  children: ReactNode
}

/** Panels side by side that can be resized. Put a PanelHandle between them. */
export function PanelGroup({ onResized, orientation = 'horizontal', className, children }: PanelGroupProps) {
  return (
    <Group
      orientation={orientation}
      onLayoutChanged={(_layout, { isUserInteraction }) => isUserInteraction && onResized?.()}
      className={cx('min-h-0 min-w-0', className)}
    >
      {children}
    </Group>
  )
}

export interface PanelsProps extends Omit<PanelGroupProps, 'onResized'> {
  /** Under this name the sizes are remembered, as shares of the whole. */
  name: string
  /** Ids of the panels that are shown now; each combination keeps its own sizes. */
  panelIds: string[]
}

/** Panels side by side whose sizes are remembered. */
export function Panels({ name, panelIds, orientation = 'horizontal', className, children }: PanelsProps) {
  const { defaultLayout, onLayoutChanged } = useDefaultLayout({ id: `panels:${name}`, panelIds, storage: localStorage })
  return (
    <Group
      orientation={orientation}
      defaultLayout={defaultLayout}
      onLayoutChanged={onLayoutChanged}
      className={cx('min-h-0 min-w-0', className)}
    >
      {children}
    </Group>
  )
}

export interface PanelProps {
  id: string
  /** Sizes in pixels (numbers) or per cent ('20%'). */
  defaultSize?: number | string
  minSize?: number | string
  maxSize?: number | string
  collapsible?: boolean
  /** Keeps its width in pixels when the window changes. */
  fixed?: boolean
  panelRef?: Ref<PanelImperativeHandle | null>
  className?: string
  children: ReactNode
}

/** One panel of {@link Panels}. */
export function Panel({ id, fixed = false, className, children, ...sizes }: PanelProps) {
  return (
    <BasePanel
      id={id}
      groupResizeBehavior={fixed ? 'preserve-pixel-size' : 'preserve-relative-size'}
      className={cx('flex min-h-0 min-w-0 flex-col', className)}
      {...sizes}
    >
      {children}
    </BasePanel>
  )
}

/** The line between two panels: drag it, or move it with the arrow keys. */
export function PanelHandle({ label, hidden = false }: { label: string; hidden?: boolean }) {
  return (
    <Separator
      aria-label={label}
      disabled={hidden}
      className={cx(
        'relative bg-line transition-colors duration-100 outline-none data-[separator=active]:bg-accent data-[separator=hover]:bg-accent-line focus-visible:bg-accent',
        'aria-[orientation=horizontal]:h-px aria-[orientation=vertical]:w-px',
        hidden && 'invisible -ml-px',
      )}
    />
  )
}
