import { create } from 'zustand'
import { persist } from 'zustand/middleware'

interface FrameStore {
  sidebarOpen: boolean
  inspectorOpen: boolean
  setSidebarOpen: (open: boolean) => void
  setInspectorOpen: (open: boolean) => void
}

/** Which side panels of the window are open; remembered. */
export const useFrame = create<FrameStore>()(
  persist(
    (set) => ({
      sidebarOpen: true,
      inspectorOpen: true,
      setSidebarOpen: (sidebarOpen) => set({ sidebarOpen }),
      setInspectorOpen: (inspectorOpen) => set({ inspectorOpen }),
    }),
    { name: 'frame', version: 1 },
  ),
)
