import { FilePlus2, X } from 'lucide-react'
import type { ImportFile } from '../../../shared/contract/imports.ts'
import { formatBytes } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'

interface FileListProps {
  readonly files: readonly ImportFile[]
  readonly busy: boolean
  readonly onAdd: () => void
  readonly onRemove: (file: ImportFile) => void
}

const kinds: Readonly<Record<ImportFile['kind'], string>> = { text: 'text', markdown: 'Markdown', records: 'records' }

/** The files that records are made of. */
export function FileList({ files, busy, onAdd, onRemove }: FileListProps) {
  return (
    <section aria-label="Files" className="flex flex-col items-start gap-2">
      {files.length > 0 && (
        <ul className="flex w-full flex-col">
          {files.map((file) => (
            <li key={file.id} className="flex h-8 items-center gap-2">
              <span className="min-w-0 truncate text-ink">
                <UntrustedText text={file.name} limit={200} />
              </span>
              <span className="shrink-0 text-small text-ink-faint">
                {kinds[file.kind]}, {formatBytes(file.bytes)}
              </span>
              <IconButton label={`Leave out ${file.name}`} icon={<X />} onClick={() => onRemove(file)} className="ml-auto" />
            </li>
          ))}
        </ul>
      )}
      <Button icon={<FilePlus2 aria-hidden="true" />} busy={busy} onClick={onAdd}>
        {files.length === 0 ? 'Choose a file' : 'Add another file'}
      </Button>
    </section>
  )
}
