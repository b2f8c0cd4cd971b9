import { useEffect, useRef, type ReactNode } from 'react'
import type { PanelImperativeHandle } from 'react-resizable-panels'
import { useFrame } from '../../lib/frame.ts'
import { useSlots } from '../../lib/slots.tsx'
import { Panel, PanelHandle, Panels } from '../../ui/panels.tsx'

export interface ShellLayoutProps {
  titleBar: ReactNode
  banners: ReactNode
  /** Null where there is nothing to list: the place then belongs to the page. */
  sidebar: ReactNode | null
  statusBar: ReactNode
  children: ReactNode
}

function usePanelOpen(open: boolean) {
  const panel = useRef<PanelImperativeHandle>(null)
  useEffect(() => {
    if (open) panel.current?.expand()
    else panel.current?.collapse()
  }, [open])
  return panel
}

/** The frame of the window: title bar, sidebar, page, inspector and status bar. */
export function ShellLayout({ titleBar, banners, sidebar, statusBar, children }: ShellLayoutProps) {
  const { sidebarOpen, setSidebarOpen, inspectorOpen, setInspectorOpen } = useFrame()
  const inspectorFilled = useSlots((store) => store.filled.inspector > 0)
  const setSlot = useSlots((store) => store.setElement)
  const sidebarPanel = usePanelOpen(sidebarOpen)
  const inspectorPanel = usePanelOpen(inspectorOpen)
  const panelIds = [...(sidebar ? ['sidebar'] : []), 'page', ...(inspectorFilled ? ['inspector'] : [])]

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
      <Panels name="frame" panelIds={panelIds} className="flex-1 border-t border-line">
        {sidebar && (
          <>
            <Panel
              id="sidebar"
              fixed
              collapsible
              defaultSize={sidebarOpen ? 288 : 0}
              minSize={200}
              maxSize={520}
              panelRef={sidebarPanel}
              onCollapsedChange={(collapsed) => setSidebarOpen(!collapsed)}
            >
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
            <Panel
              id="inspector"
              fixed
              collapsible
              defaultSize={inspectorOpen ? 384 : 0}
              minSize={280}
              maxSize="60%"
              panelRef={inspectorPanel}
              onCollapsedChange={(collapsed) => setInspectorOpen(!collapsed)}
              className="bg-canvas"
            >
              <aside aria-label="Inspector" ref={(element) => setSlot('inspector', element)} className="flex min-h-0 flex-1 flex-col" />
            </Panel>
          </>
        )}
      </Panels>
      {statusBar}
    </div>
  )
}
