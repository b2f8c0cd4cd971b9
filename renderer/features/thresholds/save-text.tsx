import { Copy, Download } from 'lucide-react'
import { toast } from '../../ui/toast.tsx'
import { Button } from '../../ui/button.tsx'

export interface SaveTextProps {
  /** What it is, such as "labels": on the buttons. */
  what: string
  /** Null where it could not be made. */
  load: () => Promise<{ name: string; text: string } | null>
  /** MIME type of the file. */
  type: string
  /** Whether the window may save files: only a browser's does. */
  canSave: boolean
}

/** Ways to take a text along: as a file where the window allows it, and by copying. */
export function SaveText({ what, load, type, canSave }: SaveTextProps) {
  async function save(): Promise<void> {
    const made = await load()
    if (made === null) return
    const url = URL.createObjectURL(new Blob([made.text], { type }))
    const link = document.createElement('a')
    link.href = url
    link.download = made.name
    link.click()
    // The download has its own hold on the text once it began.
    setTimeout(() => URL.revokeObjectURL(url), 60_000)
  }
  async function copy(): Promise<void> {
    const made = await load()
    if (made === null) return
    await navigator.clipboard.writeText(made.text)
    toast({ message: `Copied: ${made.name}` })
  }
  return (
    <div className="flex flex-wrap gap-2">
      {canSave && (
        <Button size="small" icon={<Download aria-hidden="true" />} onClick={() => void save()}>
          {`Save ${what}`}
        </Button>
      )}
      <Button size="small" icon={<Copy aria-hidden="true" />} onClick={() => void copy()}>
        {`Copy ${what}`}
      </Button>
    </div>
  )
}
