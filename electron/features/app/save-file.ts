import { writeFile } from 'node:fs/promises'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { Dialogs } from '../../platform/dialog-interface.ts'

/** A name without anything that leads to another folder or that a file system refuses. */
function plainName(name: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
  return name.replace(/[\u0000-\u001f<>:"/\\|?*]+/g, '-').replace(/^\.+/, '') || 'file'
}

/**
 * Writes a file where the person says in the system's dialog.
 * @throws AppError 'unsupported' where there is no such dialog, 'no-space' and 'forbidden' where it cannot be written
 */
export async function saveFile(dialogs: Dialogs | null, name: string, content: Uint8Array): Promise<{ saved: boolean }> {
  if (dialogs === null) throw new AppError('unsupported', 'This window saves files by itself.', 'Use the download of the browser.')
  const target = await dialogs.saveFile(plainName(name))
  if (target === null) return { saved: false }
  try {
    await writeFile(target, content)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    throw new AppError(
      code === 'ENOSPC' ? 'no-space' : 'forbidden',
      code === 'ENOSPC' ? 'There is no room for the file.' : `The file could not be written there (${code ?? 'unknown error'}).`,
      'Save it in another folder. What was to be saved is still here.',
      { cause: error },
    )
  }
  return { saved: true }
}
