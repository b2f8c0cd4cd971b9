import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { ImportFile, ImportRequest } from '../../../shared/contract/imports.ts'
import { useClient } from '../../lib/client-context.tsx'
import { useChangeDialogs } from '../../lib/editing/change-dialogs.ts'
import { ChangeProgress } from '../../lib/editing/change-progress.tsx'
import { useChange } from '../../lib/editing/use-change.ts'
import { formatQuantity } from '../../lib/format.ts'
import { FilePicker } from '../../lib/picker/file-picker.tsx'
import { QueryError } from '../../lib/query-error.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { RadioList } from '../../ui/radio-list.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { ChunkFields } from './chunk-fields.tsx'
import { FileList } from './file-list.tsx'
import { ImportPreviewPanel } from './import-preview-panel.tsx'
import { useImportPreview } from './use-import-preview.ts'

interface ImportProps {
  readonly collection: CollectionRef
  /** Files that are open already. */
  readonly dropped: readonly ImportFile[]
  readonly onClose: () => void
}

const usual: ImportRequest['chunks'] = { by: 'paragraph', size: 1000, overlap: 0 }

/** Whether something would be done: what exists may stay as it is, and vectors must come from somewhere. */
function canImport(preview: ReturnType<typeof useImportPreview>['preview'], existing: ImportRequest['existing']): boolean {
  if (preview === undefined || (preview.embedder?.problem ?? null) !== null) return false
  return preview.records - (existing === 'leave' ? preview.existing : 0) > 0
}

function Import({ collection, dropped, onClose }: ImportProps) {
  const client = useClient()
  const { data: info } = useQuery(client.query('app.info', {}))
  const [files, setFiles] = useState(dropped)
  const [chunks, setChunks] = useState(usual)
  const [existing, setExisting] = useState<ImportRequest['existing']>('leave')
  const [isPicking, setIsPicking] = useState(false)
  const open = useMutation({ ...client.mutation('imports.open'), meta: { showsError: true } })
  const openWithDialog = useMutation(client.mutation('imports.openWithDialog'))
  const closeFiles = useMutation(client.mutation('imports.close'))
  const change = useChange('imports.apply')
  const { connectionId, collectionId } = collection
  const request: ImportRequest = { connectionId, collectionId, fileIds: files.map(({ id }) => id), chunks, existing }
  const { preview, isCurrent, error, retry } = useImportPreview(request)

  const add = (file: ImportFile | null): void => {
    if (file !== null) setFiles((before) => [...before, file])
    setIsPicking(false)
  }
  const remove = (file: ImportFile): void => {
    setFiles((before) => before.filter(({ id }) => id !== file.id))
    closeFiles.mutate({ fileIds: [file.id] })
  }
  const close = (): void => {
    // A change that runs needs them still, and closes them itself.
    if (!change.isRunning && files.length > 0) closeFiles.mutate({ fileIds: request.fileIds })
    onClose()
  }

  if (isPicking) {
    return (
      <FilePicker
        title="Import a file"
        description="Texts and Markdown are cut into records. JSON lines are records as they are: id, document, metadata, embedding."
        listLabel="Folders and files"
        files="imports.files"
        none="No file here is a text, Markdown or JSON lines."
        busy={open.isPending}
        error={open.error}
        onOpen={(handle) => open.mutate({ handle }, { onSuccess: add })}
        onClose={() => setIsPicking(false)}
      />
    )
  }
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && close()}
      title="Import files"
      description="Texts and Markdown are cut into records. JSON lines are records as they are: id, document, metadata, embedding."
      size="large"
      footer={
        <>
          <Button onClick={change.isRunning ? change.cancel : close}>Cancel</Button>
          <Button
            variant="primary"
            busy={change.isRunning}
            disabled={!isCurrent || !canImport(preview, existing)}
            onClick={() =>
              change.run({
                connectionId,
                input: request,
                message: `${files.length === 1 ? (files[0]?.name ?? '') : formatQuantity(files.length, 'file')} imported.`,
                onDone: onClose,
              })
            }
          >
            Import
          </Button>
        </>
      }
    >
      <DialogBody className="flex flex-col gap-4">
        <FileList
          files={files}
          busy={openWithDialog.isPending}
          onAdd={() => (info?.nativeDialogs ? openWithDialog.mutate({}, { onSuccess: add }) : setIsPicking(true))}
          onRemove={remove}
        />
        {files.some(({ kind }) => kind !== 'records') && <ChunkFields value={chunks} onValueChange={setChunks} />}
        {preview !== undefined && preview.existing > 0 && (
          <RadioList
            label="Records whose ID exists here"
            value={existing}
            onValueChange={setExisting}
            options={[
              { value: 'leave', label: 'Leave records whose ID exists here as they are' },
              { value: 'overwrite', label: 'Overwrite them' },
            ]}
          />
        )}
        {error !== null && <QueryError error={error} onRetry={retry} className="min-h-24 p-2" />}
        {error === null && preview !== undefined && <ImportPreviewPanel preview={preview} isCurrent={isCurrent} existing={existing} />}
        {error === null && preview === undefined && files.length > 0 && (
          <div aria-busy="true">
            <SkeletonLines count={4} />
          </div>
        )}
        <ChangeProgress change={change} />
      </DialogBody>
    </Dialog>
  )
}

/** Records made of files: what would be added is shown before anything is embedded or written. */
export function ImportDialog() {
  const { dialog, close } = useChangeDialogs()
  return dialog?.kind === 'import' ? <Import collection={dialog.collection} dropped={dialog.files} onClose={close} /> : null
}
