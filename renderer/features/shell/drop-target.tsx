import { useParams } from '@tanstack/react-router'
import { FolderOpen } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useClient } from '../../lib/client-context.tsx'
import { useEditing } from '../../lib/editing/use-editing.ts'
import { toastError } from '../../lib/toast-error.ts'
import type { Transport } from '../../rpc/transport.ts'
import { toast } from '../../ui/toast.tsx'
import { importable, openDroppedTexts } from './dropped-texts.ts'

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') === true
}

function wordsFor(opensDirectories: boolean, hasCollection: boolean): string {
  const texts = 'Drop texts, Markdown or JSON lines to import them here'
  if (hasCollection) return opensDirectories ? `${texts}, or a persist directory to open it read-only` : texts
  return opensDirectories
    ? 'Drop a persist directory to open it read-only'
    : 'A browser does not say where a dropped folder is: use "Open a directory"'
}

/** Takes what is dropped on the window: directories to open, and texts for the collection that is shown. Says beforehand what will happen. */
export function DropTarget({ transport }: { transport: Transport }) {
  const [dragging, setDragging] = useState(false)
  const { openDropped } = transport
  const client = useClient()
  const { connectionId = null, collectionId = null } = useParams({ strict: false })
  const { ask } = useEditing(connectionId)
  const hasCollection = connectionId !== null && collectionId !== null

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
      if (event.dataTransfer) event.dataTransfer.dropEffect = hasCollection ? 'copy' : openDropped ? 'link' : 'none'
    }
    function onDrop(event: DragEvent): void {
      if (!carriesFiles(event)) return
      event.preventDefault()
      depth = 0
      setDragging(false)
      const files = [...(event.dataTransfer?.files ?? [])]
      const texts = importable(files)
      if (hasCollection && texts.length > 0) {
        openDroppedTexts(client, texts)
          .then((opened) => opened.length > 0 && ask({ kind: 'import', collection: { connectionId, collectionId }, files: opened }))
          .catch(toastError)
      } else if (openDropped) openDropped(files)
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
  }, [openDropped, client, ask, hasCollection, connectionId, collectionId])

  if (!dragging) return null
  return (
    <div className="pointer-events-none fixed inset-0 z-50 flex items-center justify-center bg-overlay p-4">
      <div role="status" className="flex items-center gap-3 rounded-lg bg-raised px-5 py-4 shadow-popup">
        <FolderOpen aria-hidden="true" className="size-5 text-accent" />
        {wordsFor(openDropped !== null, hasCollection)}
      </div>
    </div>
  )
}
