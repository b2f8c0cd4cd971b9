import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

function build(): void {
  if (process.env['MNEMOSCOPE_SKIP_BUILD'] === '1') return
  const root = path.resolve(import.meta.dirname, '../..')
  const result = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
  if (result.status !== 0) throw new Error('The build failed, so nothing was tested.')
}

/**
 * Workers and the renderer are tested as built, so a run starts with a build. Everything temporary of a run lies in one folder,
 * which goes at the end: a test that removes too much then reaches nothing of others.
 */
export default function prepareRun(): (() => void) | undefined {
  // Each project of a run asks.
  if (process.env['MNEMOSCOPE_TEST_RUN'] !== undefined) return undefined
  build()
  process.env['MNEMOSCOPE_TEST_KEPT'] = os.tmpdir()
  const shared = mkdtempSync(path.join(os.tmpdir(), 'mnemoscope-run-'))
  process.env['MNEMOSCOPE_TEST_RUN'] = shared
  const temporary = path.join(shared, 'tmp')
  mkdirSync(temporary)
  for (const name of ['TMPDIR', 'TMP', 'TEMP']) process.env[name] = temporary
  return () => rmSync(shared, { recursive: true, force: true })
}
