import { Dialog as BaseDialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode, Ref, RefObject } from 'react'
import { cx } from './cx.ts'

export interface DialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  description?: ReactNode
  /** Buttons at the bottom, the main one last. */
  footer?: ReactNode
  size?: 'small' | 'medium' | 'large'
  /** What gets the focus; the first control otherwise. */
  initialFocus?: RefObject<HTMLElement | null>
  /** Hides the heading where the content is its own heading; it stays the dialog's name. */
  bare?: boolean
  className?: string
  children: ReactNode
}

const sizes = { small: 'w-104', medium: 'w-140', large: 'w-180' }

/** A modal dialog. The focus stays inside and goes back to where it was afterwards. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  footer,
  size = 'medium',
  initialFocus,
  bare = false,
  className,
  children,
}: DialogProps) {
  return (
    <BaseDialog.Root open={open} onOpenChange={onOpenChange}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="fixed inset-0 z-40 bg-overlay transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <BaseDialog.Viewport className="fixed inset-0 z-40 flex items-start justify-center px-4 pt-[12vh] pb-8">
          <BaseDialog.Popup
            data-over-page=""
            initialFocus={initialFocus}
            className={cx(
              'relative flex max-h-full max-w-full min-h-0 flex-col rounded-lg bg-raised text-ink shadow-popup outline-none transition-[opacity,scale] duration-150 ease-out',
              'data-ending-style:opacity-0 data-starting-style:scale-98 data-starting-style:opacity-0',
              sizes[size],
              className,
            )}
          >
            <header className={bare ? 'sr-only' : 'flex items-start gap-4 pt-4 pr-12 pb-3 pl-5'}>
              <div className="min-w-0 flex-1">
                <BaseDialog.Title className="text-title font-strong">{title}</BaseDialog.Title>
                {description && <BaseDialog.Description className="mt-0.5 text-body text-ink-muted">{description}</BaseDialog.Description>}
              </div>
            </header>
            {children}
            {footer && <footer className="flex items-center justify-end gap-2 border-t border-line px-5 py-3">{footer}</footer>}
            {/* Last, so that the focus goes to the first control of the content. */}
            {!bare && (
              <BaseDialog.Close
                aria-label="Close"
                className="absolute top-3.5 right-3.5 flex size-7 items-center justify-center rounded-md text-ink-muted hover:bg-hover hover:text-ink"
              >
                <X aria-hidden="true" className="size-4" />
              </BaseDialog.Close>
            )}
          </BaseDialog.Popup>
        </BaseDialog.Viewport>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  )
}

/** The scrolling middle of a dialog. With a ref it takes the focus, where nothing in it can. */
export function DialogBody({ className, bodyRef, children }: { className?: string; bodyRef?: Ref<HTMLDivElement>; children: ReactNode }) {
  return (
    <div
      ref={bodyRef}
      tabIndex={bodyRef ? 0 : undefined}
      className={cx('min-h-0 flex-1 overflow-y-auto px-5 pb-5 outline-none focus-visible:outline-none', className)}
    >
      {children}
    </div>
  )
}
