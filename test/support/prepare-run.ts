import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

function build(): void {
  if (process.env['MNEMOSCOPE_SKIP_BUILD'] === '1') return
  const root = path.resolve(import.meta.dirname, '../..')
  const result = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
  if (result.status !== 0) throw new Error('The build failed, so nothing was tested.')
}

/**
 * Workers and the renderer are tested as built, so a run starts with a build. It also has a folder for what its test files
 * share, which goes at the end.
 */
export default function prepareRun(): () => void {
  build()
  const shared = mkdtempSync(path.join(os.tmpdir(), 'mnemoscope-run-'))
  process.env['MNEMOSCOPE_TEST_RUN'] = shared
  return () => rmSync(shared, { recursive: true, force: true })
}
