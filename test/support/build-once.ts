import { spawnSync } from 'node:child_process'
import path from 'node:path'

/** Workers and the renderer are tested as built, so a run starts with a build. */
export default function buildOnce(): void {
  if (process.env['MNEMOSCOPE_SKIP_BUILD'] === '1') return
  const root = path.resolve(import.meta.dirname, '../..')
  const result = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
  if (result.status !== 0) throw new Error('The build failed, so nothing was tested.')
}
