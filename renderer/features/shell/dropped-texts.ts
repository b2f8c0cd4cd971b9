import { maxDroppedLength, recordEndings, textEndings, type ImportFile } from '../../../shared/contract/imports.ts'
import type { Client } from '../../rpc/client.ts'
import { toast } from '../../ui/toast.tsx'

const endings = [...textEndings, ...recordEndings]

/** Of files that were dropped, those whose names say that records can be made of them. */
export function importable(files: readonly File[]): File[] {
  return files.filter(({ name }) => endings.some((ending) => name.toLowerCase().endsWith(ending)))
}

/** Opens what was dropped for an import. Files that are too long are left out, which is said. */
export async function openDroppedTexts(client: Client, files: readonly File[]): Promise<ImportFile[]> {
  const opened: ImportFile[] = []
  for (const file of files) {
    const text = file.size > 4 * maxDroppedLength ? null : await file.text()
    if (text !== null && text.length <= maxDroppedLength) opened.push(await client.call('imports.drop', { name: file.name, text }))
    else
      toast({
        severity: 'warning',
        message: `${file.name} is too large to be dropped.`,
        remedy: 'Choose it with "Import files" in Records instead.',
        key: `drop ${file.name}`,
      })
  }
  return opened
}
