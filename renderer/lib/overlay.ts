import { create } from 'zustand'

/** What covers the window; any view may ask for one, the root shows it. */
export type Overlay = 'palette' | 'shortcuts' | 'settings' | 'open-directory' | 'connect-server'

interface OverlayStore {
  overlay: Overlay | null
  show: (overlay: Overlay) => void
  close: () => void
}

/** Which dialog of the whole window is open. */
export const useOverlay = create<OverlayStore>()((set) => ({
  overlay: null,
  show: (overlay) => set({ overlay }),
  close: () => set({ overlay: null }),
}))
