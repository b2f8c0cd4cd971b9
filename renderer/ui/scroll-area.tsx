import { ScrollArea as BaseScrollArea } from '@base-ui/react/scroll-area'
import type { ReactNode, Ref } from 'react'
import { cx } from './cx.ts'

export interface ScrollAreaProps {
  className?: string
  contentClassName?: string
  /** Scrolls sideways as well. */
  horizontal?: boolean
  viewportRef?: Ref<HTMLDivElement>
  children: ReactNode
}

const barClass =
  'flex touch-none p-0.5 opacity-0 transition-opacity duration-100 data-hovering:opacity-100 data-scrolling:opacity-100 data-scrolling:duration-0'

/** A region that scrolls under thin bars that show themselves only when needed. */
export function ScrollArea({ className, contentClassName, horizontal = false, viewportRef, children }: ScrollAreaProps) {
  return (
    <BaseScrollArea.Root className={cx('relative min-h-0 min-w-0', className)}>
      <BaseScrollArea.Viewport ref={viewportRef} className="h-full overscroll-contain focus-visible:-outline-offset-2">
        <BaseScrollArea.Content className={contentClassName} style={horizontal ? undefined : { minWidth: 0 }}>
          {children}
        </BaseScrollArea.Content>
      </BaseScrollArea.Viewport>
      <BaseScrollArea.Scrollbar orientation="vertical" className={cx(barClass, 'w-2.5 justify-center')}>
        <BaseScrollArea.Thumb className="w-full rounded-lg bg-line-strong" />
      </BaseScrollArea.Scrollbar>
      {horizontal && (
        <BaseScrollArea.Scrollbar orientation="horizontal" className={cx(barClass, 'h-2.5 flex-col')}>
          <BaseScrollArea.Thumb className="h-full rounded-lg bg-line-strong" />
        </BaseScrollArea.Scrollbar>
      )}
    </BaseScrollArea.Root>
  )
}
