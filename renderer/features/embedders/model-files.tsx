import { useMutation, useQuery } from '@tanstack/react-query'
import { FolderPlus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useClient } from '../../lib/client-context.tsx'
import { formatBytes } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { PathText } from '../../ui/path-text.tsx'
import { ModelPicker } from './model-picker.tsx'

/** Models on this computer, how much room they take, and a way to be rid of them. */
export function ModelFiles() {
  const client = useClient()
  const { data: models } = useQuery(client.query('embedders.models', {}))
  const { data: info } = useQuery(client.query('app.info', {}))
  const removeDownload = useMutation(client.mutation('embedders.removeDownload'))
  const removeLocal = useMutation(client.mutation('embedders.removeLocalModel'))
  const addLocal = useMutation(client.mutation('embedders.addLocalModelWithDialog'))
  const [isPicking, setIsPicking] = useState(false)
  if (models === undefined || info === undefined) return null
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-center gap-2 text-small text-ink-muted">
        <span className="shrink-0">Model files · {formatBytes(models.bytes)}</span>
        <PathText path={models.folder} className="flex-1" />
        <Button
          size="small"
          icon={<FolderPlus aria-hidden="true" />}
          busy={addLocal.isPending}
          onClick={() => (info.nativeDialogs ? addLocal.mutate({}) : setIsPicking(true))}
        >
          Add a folder…
        </Button>
        <ModelPicker open={isPicking} onClose={() => setIsPicking(false)} />
      </div>
      {models.downloads.length + models.local.length > 0 && (
        <ul aria-label="Model files" className="rounded-md border border-line">
          {models.downloads.map(({ model, bytes, complete }) => (
            <li key={model} className="flex min-h-7 items-center gap-2 border-t border-line pr-1 pl-3 first:border-t-0">
              <span className="min-w-0 flex-1 truncate">{model}</span>
              {!complete && <span className="text-small text-ink-faint">not complete</span>}
              <span className="numeric text-ink-muted">{formatBytes(bytes)}</span>
              <IconButton
                size="small"
                label={`Remove the files of ${model}`}
                icon={<Trash2 aria-hidden="true" />}
                onClick={() => removeDownload.mutate({ model })}
              />
            </li>
          ))}
          {models.local.map(({ id, name, folder }) => (
            <li key={id} className="flex min-h-7 items-center gap-2 border-t border-line pr-1 pl-3 first:border-t-0">
              <span className="shrink-0">{name}</span>
              <PathText path={folder} className="flex-1 text-small text-ink-faint" />
              <IconButton
                size="small"
                label={`Forget the folder ${name}`}
                icon={<Trash2 aria-hidden="true" />}
                onClick={() => removeLocal.mutate({ id })}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
