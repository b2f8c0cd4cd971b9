import { readFile, rename, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { makeSampleContent, type SampleContent } from '../../electron/sample/sample.ts'

/** What the sample consists of. It takes ten seconds to calculate, so the tests of a run share it. */
export async function sampleContent(): Promise<SampleContent> {
  const file = path.join(process.env['MNEMOSCOPE_TEST_RUN'] ?? os.tmpdir(), 'sample-content')
  const kept = await readFile(file).catch(() => null)
  if (kept !== null) return deserialize(kept) as SampleContent
  const content = await makeSampleContent(new AbortController().signal)
  const making = `${file}.${process.pid}`
  await writeFile(making, serialize(content))
  await rename(making, file)
  return content
}
