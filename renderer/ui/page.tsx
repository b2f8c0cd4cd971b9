import type { ReactNode } from 'react'

/** A page that is read from top to bottom, in a column of comfortable width. */
export function Page({ children }: { children: ReactNode }) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex max-w-264 flex-col gap-8 px-8 py-6">{children}</div>
    </div>
  )
}
