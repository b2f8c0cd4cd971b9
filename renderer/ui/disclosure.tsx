import { Collapsible } from '@base-ui/react/collapsible'
import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'

/** Something that is shown on demand under its heading. */
export function Disclosure({
  title,
  note,
  defaultOpen = false,
  children,
}: {
  title: string
  note?: ReactNode
  defaultOpen?: boolean
  children: ReactNode
}) {
  return (
    <Collapsible.Root defaultOpen={defaultOpen} className="flex min-w-0 flex-col gap-1.5">
      <Collapsible.Trigger className="group -ml-1 flex h-6 items-center gap-1 self-start rounded-sm px-1 text-body text-ink-muted hover:text-ink">
        <ChevronRight aria-hidden="true" className="size-3.5 transition-transform group-data-panel-open:rotate-90" />
        {title}
        {note !== undefined && <span className="ml-1 text-small text-ink-faint">{note}</span>}
      </Collapsible.Trigger>
      <Collapsible.Panel>{children}</Collapsible.Panel>
    </Collapsible.Root>
  )
}
