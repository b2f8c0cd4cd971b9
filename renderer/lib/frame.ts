import { create } from 'zustand'
import { persist } from 'zustand/middleware'

interface FrameStore {
  sidebarOpen: boolean
  inspectorOpen: boolean
  /** In pixels, of the panel while it is open. */
  sidebarWidth: number
  inspectorWidth: number
  setSidebarOpen: (open: boolean) => void
  setInspectorOpen: (open: boolean) => void
  setSidebarWidth: (width: number) => void
  setInspectorWidth: (width: number) => void
}

/** Which side panels of the window are open and how wide they are; remembered. */
export const useFrame = create<FrameStore>()(
  persist(
    (set) => ({
      sidebarOpen: true,
      inspectorOpen: true,
      sidebarWidth: 288,
      inspectorWidth: 400,
      setSidebarOpen: (sidebarOpen) => set({ sidebarOpen }),
      setInspectorOpen: (inspectorOpen) => set({ inspectorOpen }),
      setSidebarWidth: (sidebarWidth) => set({ sidebarWidth }),
      setInspectorWidth: (inspectorWidth) => set({ inspectorWidth }),
    }),
    { name: 'frame', version: 1 },
  ),
)
