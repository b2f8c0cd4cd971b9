import { Toast as BaseToast } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { SeverityIcon, type Severity } from './callout.tsx'

const manager = BaseToast.createToastManager<{ severity: Severity }>()

export interface ToastOptions {
  severity?: Severity
  /** What happened. */
  message: string
  /** What it means for the data and what to do. */
  remedy?: string | null
  action?: { label: string; onSelect: () => void }
  /** A message with the same key takes the place of the one before. */
  key?: string
}

/** Tells about something that happened, in the corner. Errors stay until they are dismissed. Callable from anywhere. */
export function toast({ severity = 'info', message, remedy, action, key }: ToastOptions): void {
  manager.add({
    id: key,
    title: message,
    description: remedy ?? undefined,
    priority: severity === 'error' ? 'high' : 'low',
    timeout: severity === 'error' ? 0 : action ? 15_000 : severity === 'warning' ? 9000 : 5000,
    actionProps: action && { children: action.label, onClick: action.onSelect },
    data: { severity },
  })
}

function ToastList() {
  const { toasts } = BaseToast.useToastManager<{ severity: Severity }>()
  return toasts.map((item) => (
    <BaseToast.Root
      key={item.id}
      toast={item}
      className="rounded-lg bg-raised shadow-popup transition-[opacity,translate] duration-150 ease-out data-ending-style:opacity-0 data-limited:hidden data-starting-style:translate-y-2 data-starting-style:opacity-0"
    >
      <BaseToast.Content className="flex items-start gap-2.5 py-2.5 pr-2 pl-3">
        <SeverityIcon severity={item.data?.severity ?? 'info'} className="mt-0.5" />
        <div className="min-w-0 flex-1" data-selectable="">
          <BaseToast.Title className="text-body wrap-anywhere text-ink" render={<p />} />
          <BaseToast.Description className="text-small wrap-anywhere text-ink-muted" />
          <BaseToast.Action className="mt-1.5 h-6 rounded-sm border border-line-strong px-2 text-small text-ink hover:bg-hover" />
        </div>
        <BaseToast.Close
          aria-label="Dismiss"
          className="flex size-6 items-center justify-center rounded-sm text-ink-muted hover:bg-hover hover:text-ink"
        >
          <X aria-hidden="true" className="size-3.5" />
        </BaseToast.Close>
      </BaseToast.Content>
    </BaseToast.Root>
  ))
}

/** Where toasts appear. Rendered once, around the app. */
export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <BaseToast.Provider toastManager={manager} limit={4}>
      {children}
      <BaseToast.Portal>
        {/* Above a dialog, whose buttons are at its bottom. */}
        <BaseToast.Viewport className="fixed right-4 bottom-10 z-50 flex w-96 max-w-[calc(100vw-2rem)] flex-col gap-2 in-[body:has([data-over-page])]:top-3 in-[body:has([data-over-page])]:bottom-auto">
          <ToastList />
        </BaseToast.Viewport>
      </BaseToast.Portal>
    </BaseToast.Provider>
  )
}
