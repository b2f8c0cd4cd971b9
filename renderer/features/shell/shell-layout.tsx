import { useEffect, useRef, type ReactNode } from 'react'
import type { PanelImperativeHandle } from 'react-resizable-panels'
import { useFrame } from '../../lib/frame.ts'
import { useSlots } from '../../lib/slots.tsx'
import { Panel, PanelGroup, PanelHandle } from '../../ui/panels.tsx'

export interface ShellLayoutProps {
  titleBar: ReactNode
  banners: ReactNode
  /** Null where there is nothing to list: the place then belongs to the page. */
  sidebar: ReactNode | null
  statusBar: ReactNode
  children: ReactNode
}

/** A panel at a side that opens at the width it had; dragging it shut closes it. */
function useSidePanel(open: boolean, width: number, setOpen: (open: boolean) => void, setWidth: (width: number) => void) {
  const panelRef = useRef<PanelImperativeHandle>(null)
  const latest = useRef(width)
  latest.current = width
  useEffect(() => {
    const panel = panelRef.current
    if (!panel || open !== panel.isCollapsed()) return
    if (open) panel.resize(latest.current)
    else panel.collapse()
  }, [open])
  return {
    panelRef,
    defaultSize: open ? width : 0,
    onWidthChange: (now: number) => {
      setOpen(now > 0)
      if (now > 0) setWidth(now)
    },
  }
}

/** The frame of the window: title bar, sidebar, page, inspector and status bar. */
export function ShellLayout({ titleBar, banners, sidebar, statusBar, children }: ShellLayoutProps) {
  const frame = useFrame()
  const inspectorFilled = useSlots((store) => store.filled.inspector > 0)
  const setSlot = useSlots((store) => store.setElement)
  const sidebarPanel = useSidePanel(frame.sidebarOpen, frame.sidebarWidth, frame.setSidebarOpen, frame.setSidebarWidth)
  const inspectorPanel = useSidePanel(frame.inspectorOpen, frame.inspectorWidth, frame.setInspectorOpen, frame.setInspectorWidth)

  return (
    <div className="flex h-full flex-col bg-chrome">
      <a
        href="#main"
        onClick={(event) => {
          event.preventDefault()
          document.getElementById('main')?.focus()
        }}
        className="sr-only focus-visible:not-sr-only focus-visible:absolute focus-visible:top-2 focus-visible:left-2 focus-visible:z-50 focus-visible:rounded-md focus-visible:bg-raised focus-visible:px-3 focus-visible:py-1.5 focus-visible:shadow-popup"
      >
        Skip to the page
      </a>
      {titleBar}
      {banners}
      <PanelGroup className="flex-1 border-t border-line">
        {sidebar && (
          <>
            <Panel id="sidebar" fixed collapsible minSize={200} maxSize={520} {...sidebarPanel}>
              <nav aria-label="Connections and collections" className="flex min-h-0 flex-1 flex-col">
                {sidebar}
              </nav>
            </Panel>
            <PanelHandle label="Resize the sidebar" />
          </>
        )}
        <Panel id="page" minSize={360} className="bg-canvas">
          <main id="main" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none focus-visible:outline-none">
            {children}
          </main>
        </Panel>
        {inspectorFilled && (
          <>
            <PanelHandle label="Resize the inspector" />
            <Panel id="inspector" fixed collapsible minSize={280} maxSize="60%" {...inspectorPanel} className="bg-canvas">
              <aside aria-label="Inspector" ref={(element) => setSlot('inspector', element)} className="flex min-h-0 flex-1 flex-col" />
            </Panel>
          </>
        )}
      </PanelGroup>
      {statusBar}
    </div>
  )
}
