import { useEffect, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { create } from 'zustand'

type SlotName = 'inspector' | 'status'

interface SlotStore {
  elements: Record<SlotName, HTMLElement | null>
  /** How many views fill the slot now. */
  filled: Record<SlotName, number>
  setElement: (slot: SlotName, element: HTMLElement | null) => void
  count: (slot: SlotName, change: 1 | -1) => void
}

/** Places of the window's frame that views fill. */
export const useSlots = create<SlotStore>()((set) => ({
  elements: { inspector: null, status: null },
  filled: { inspector: 0, status: 0 },
  setElement: (slot, element) => set(({ elements }) => ({ elements: { ...elements, [slot]: element } })),
  count: (slot, change) => set(({ filled }) => ({ filled: { ...filled, [slot]: filled[slot] + change } })),
}))

function SlotContent({ slot, children }: { slot: SlotName; children: ReactNode }) {
  const element = useSlots((store) => store.elements[slot])
  const count = useSlots((store) => store.count)
  useEffect(() => {
    count(slot, 1)
    return () => count(slot, -1)
  }, [slot, count])
  return element && createPortal(children, element)
}

/** Shows its children in the inspector at the right; the inspector appears with the first one and goes with the last. */
export function InspectorContent({ children }: { children: ReactNode }) {
  return <SlotContent slot="inspector">{children}</SlotContent>
}

/** Shows its children in the status bar, after what is open: "312 of 1,712 records match", "4 selected". */
export function StatusContent({ children }: { children: ReactNode }) {
  return <SlotContent slot="status">{children}</SlotContent>
}
