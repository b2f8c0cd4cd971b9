import { create } from 'zustand'

/** What covers the window; any view may ask for one, the root shows it. */
export type Overlay = 'palette' | 'shortcuts' | 'settings' | 'open-directory' | 'connect-server'

interface OverlayStore {
  overlay: Overlay | null
  /** The connection that it is about; null where it is about none. */
  connectionId: string | null
  show: (overlay: Overlay, connectionId?: string) => void
  close: () => void
}

/** Which dialog of the whole window is open. */
export const useOverlay = create<OverlayStore>()((set) => ({
  overlay: null,
  connectionId: null,
  show: (overlay, connectionId) => set({ overlay, connectionId: connectionId ?? null }),
  close: () => set({ overlay: null, connectionId: null }),
}))
