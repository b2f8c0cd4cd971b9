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

/** A panel at a side that is shown at the width it had. */
function useSidePanel(shown: boolean, width: number) {
  const panelRef = useRef<PanelImperativeHandle>(null)
  const latest = useRef(width)
  latest.current = width
  useEffect(() => {
    const panel = panelRef.current
    if (!panel || shown !== panel.isCollapsed()) return
    if (shown) panel.resize(latest.current)
    else panel.collapse()
  }, [shown])
  return { panelRef, defaultSize: shown ? width : 0 }
}

/** Width in pixels of a panel that a person resized; 0 where they dragged it shut. */
function widthOf(panel: PanelImperativeHandle | null): number | null {
  return panel && Math.round(panel.getSize().inPixels)
}

/** The frame of the window: title bar, sidebar, page, inspector and status bar. */
export function ShellLayout({ titleBar, banners, sidebar, statusBar, children }: ShellLayoutProps) {
  const frame = useFrame()
  const inspectorFilled = useSlots((store) => store.filled.inspector > 0)
  const setSlot = useSlots((store) => store.setElement)
  const sidebarPanel = useSidePanel(frame.sidebarOpen, frame.sidebarWidth)
  const inspectorPanel = useSidePanel(inspectorFilled && frame.inspectorOpen, frame.inspectorWidth)

  const onResized = () => {
    const sidebarWidth = widthOf(sidebarPanel.panelRef.current)
    if (sidebarWidth !== null) {
      frame.setSidebarOpen(sidebarWidth > 0)
      if (sidebarWidth > 0) frame.setSidebarWidth(sidebarWidth)
    }
    const inspectorWidth = widthOf(inspectorPanel.panelRef.current)
    if (inspectorWidth !== null && inspectorFilled) {
      frame.setInspectorOpen(inspectorWidth > 0)
      if (inspectorWidth > 0) frame.setInspectorWidth(inspectorWidth)
    }
  }

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
      <PanelGroup onResized={onResized} className="flex-1 border-t border-line">
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
        {/* It is always there, because a panel that joined later would push the others about. */}
        <PanelHandle label="Resize the inspector" hidden={!inspectorFilled} />
        <Panel id="inspector" fixed collapsible minSize={280} maxSize="60%" {...inspectorPanel} className="bg-canvas">
          <aside
            aria-label="Inspector"
            ref={(element) => setSlot('inspector', element)}
            className={inspectorFilled ? 'flex min-h-0 flex-1 flex-col' : 'hidden'}
          />
        </Panel>
      </PanelGroup>
      {statusBar}
    </div>
  )
}
