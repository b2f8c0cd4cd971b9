import { open } from 'node:fs/promises'
import { readFrames } from '../../electron/curation/journal-frames.ts'

/** Takes off the last frame of a journal, which says how the change ended. */
export async function cutEnding(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  let last = 0
  for await (const { at } of readFrames(handle, new Set())) last = at
  await handle.truncate(last)
  await handle.close()
}
