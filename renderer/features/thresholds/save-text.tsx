import { Copy, Download } from 'lucide-react'
import { useClient } from '../../lib/client-context.tsx'
import { saveFile } from '../../lib/save-file.ts'
import { toastError } from '../../lib/toast-error.ts'
import { toast } from '../../ui/toast.tsx'
import { Button } from '../../ui/button.tsx'

export interface SaveTextProps {
  /** What it is, such as "labels": on the buttons. */
  what: string
  /** Null where it could not be made. */
  load: () => Promise<{ name: string; text: string } | null>
  /** MIME type of the file. */
  type: string
}

/** Ways to take a text along: as a file, and by copying. */
export function SaveText({ what, load, type }: SaveTextProps) {
  const client = useClient()
  async function save(): Promise<void> {
    const made = await load()
    if (made !== null) await saveFile(client, made.name, new Blob([made.text], { type }))
  }
  async function copy(): Promise<void> {
    const made = await load()
    if (made === null) return
    await navigator.clipboard.writeText(made.text)
    toast({ message: `Copied: ${made.name}` })
  }
  return (
    <div className="flex flex-wrap gap-2">
      <Button size="small" icon={<Download aria-hidden="true" />} onClick={() => void save().catch(toastError)}>
        {`Save ${what}`}
      </Button>
      <Button size="small" icon={<Copy aria-hidden="true" />} onClick={() => void copy()}>
        {`Copy ${what}`}
      </Button>
    </div>
  )
}
