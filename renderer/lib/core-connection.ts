import { create } from 'zustand'

interface CoreConnectionStore {
  /** Null until the first word from the transport. */
  connected: boolean | null
  setConnected: (connected: boolean) => void
}

/** Whether this window reaches the program behind it. */
export const useCoreConnection = create<CoreConnectionStore>()((set) => ({
  connected: null,
  setConnected: (connected) => set({ connected }),
}))
