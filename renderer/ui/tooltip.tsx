import { Tooltip as BaseTooltip } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'
import { Kbd } from './kbd.tsx'

export interface TooltipProps {
  content: ReactNode
  /** Shown as keys after the text, such as `mod+k`. */
  shortcut?: string
  side?: 'top' | 'bottom' | 'left' | 'right'
  /** The element that is explained; it must accept a ref and mouse handlers. */
  children: ReactElement
}

/** A short explanation on hover and on keyboard focus. It never holds the only name of a control. */
export function Tooltip({ content, shortcut, side = 'bottom', children }: TooltipProps) {
  return (
    <BaseTooltip.Root>
      <BaseTooltip.Trigger render={children} />
      <BaseTooltip.Portal>
        <BaseTooltip.Positioner side={side} sideOffset={6} collisionPadding={8} className="z-50">
          <BaseTooltip.Popup className="flex max-w-96 items-center gap-2 rounded-md bg-raised px-2 py-1 text-small text-ink shadow-popup transition-opacity duration-100 data-ending-style:opacity-0 data-instant:duration-0 data-starting-style:opacity-0">
            <span className="min-w-0 wrap-anywhere">{content}</span>
            {shortcut && <Kbd keys={shortcut} />}
          </BaseTooltip.Popup>
        </BaseTooltip.Positioner>
      </BaseTooltip.Portal>
    </BaseTooltip.Root>
  )
}

/** Shares the opening delay between tooltips, so that moving along a tool bar shows each one at once. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  return <BaseTooltip.Provider delay={450}>{children}</BaseTooltip.Provider>
}
