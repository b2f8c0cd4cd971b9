import { FolderOpen } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Transport } from '../../rpc/transport.ts'
import { toast } from '../../ui/toast.tsx'

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') === true
}

/** Takes directories that are dropped on the window, and says beforehand what will happen. */
export function DropTarget({ transport }: { transport: Transport }) {
  const [dragging, setDragging] = useState(false)
  const { openDropped } = transport

  useEffect(() => {
    let depth = 0
    function onEnter(event: DragEvent): void {
      if (!carriesFiles(event)) return
      depth += 1
      setDragging(true)
    }
    function onLeave(event: DragEvent): void {
      if (!carriesFiles(event)) return
      depth = Math.max(0, depth - 1)
      if (depth === 0) setDragging(false)
    }
    function onOver(event: DragEvent): void {
      if (!carriesFiles(event)) return
      event.preventDefault()
      if (event.dataTransfer) event.dataTransfer.dropEffect = openDropped ? 'link' : 'none'
    }
    function onDrop(event: DragEvent): void {
      if (!carriesFiles(event)) return
      event.preventDefault()
      depth = 0
      setDragging(false)
      const files = [...(event.dataTransfer?.files ?? [])]
      if (openDropped) openDropped(files)
      else
        toast({
          severity: 'warning',
          message: 'A browser does not say where a dropped folder is.',
          remedy: 'Use "Open a directory" instead.',
          key: 'drop',
        })
    }
    const listeners = { dragenter: onEnter, dragleave: onLeave, dragover: onOver, drop: onDrop }
    for (const [name, listener] of Object.entries(listeners)) window.addEventListener(name as keyof typeof listeners, listener)
    return () => {
      for (const [name, listener] of Object.entries(listeners)) window.removeEventListener(name as keyof typeof listeners, listener)
    }
  }, [openDropped])

  if (!dragging) return null
  return (
    <div className="pointer-events-none fixed inset-0 z-50 flex items-center justify-center bg-overlay p-4">
      <div role="status" className="flex items-center gap-3 rounded-lg bg-raised px-5 py-4 shadow-popup">
        <FolderOpen aria-hidden="true" className="size-5 text-accent" />
        {openDropped
          ? 'Drop a persist directory to open it read-only'
          : 'A browser does not say where a dropped folder is: use "Open a directory"'}
      </div>
    </div>
  )
}
