import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** The longest that fetching the runtime may take, in milliseconds. It is about 115 MB. */
const longestFetch = 5 * 60_000

/** @param {NodeJS.ProcessEnv} env */
function hasDisplay(env) {
  return process.platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'])
}

/** Where the Electron package says its executable is, or null. @param {string} root @param {NodeJS.ProcessEnv} env */
function runtimeOf(root, env) {
  const electron = path.join(root, 'node_modules/electron')
  const named = path.join(electron, 'path.txt')
  const usual =
    { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[/** @type {string} */ (process.platform)] ?? 'electron'
  const name = existsSync(named) ? readFileSync(named, 'utf8').trim() : usual
  const file = path.join(env['ELECTRON_OVERRIDE_DIST_PATH'] ?? path.join(electron, 'dist'), name)
  return existsSync(file) ? file : null
}

/** @param {string} root @param {AbortSignal} signal @returns {Promise<string | null>} why it failed, or null */
function fetchRuntime(root, signal) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(root, 'node_modules/electron/install.js')], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
      signal: AbortSignal.any([signal, AbortSignal.timeout(longestFetch)]),
      killSignal: 'SIGKILL',
    })
    let output = ''
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', (error) => resolve(error.name === 'AbortError' ? 'it took too long' : error.message))
    child.on('close', (code) => {
      const line = output.split('\n').find((text) => /error/i.test(text)) ?? `it ended with code ${code}`
      resolve(code === 0 ? null : line.replace(/^\s*\w*Error:\s*/, '').trim())
    })
  })
}

/**
 * The Electron executable, fetched where it is not there yet, or a sentence that says why there is none.
 * @param {{ root: string, env: NodeJS.ProcessEnv, say: (line: string) => void, signal: AbortSignal }} options
 * @returns {Promise<{ executable: string } | { reason: string }>}
 */
export async function findDesktop({ root, env, say, signal }) {
  if (!hasDisplay(env)) return { reason: 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)' }
  if (process.platform === 'linux' && process.getuid?.() === 0) return { reason: "Chromium's sandbox does not work for the user root" }
  const present = runtimeOf(root, env)
  if (present) return { executable: present }
  if (env['ELECTRON_OVERRIDE_DIST_PATH']) return { reason: `ELECTRON_OVERRIDE_DIST_PATH names a folder without the runtime` }
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 22 || (major === 22 && minor < 12)) {
    return { reason: `fetching its runtime needs Node 22.12 or later, and this is ${process.versions.node}` }
  }
  say('Fetching the Electron runtime (about 115 MB, once) ...')
  const failure = await fetchRuntime(root, signal)
  if (failure !== null) return { reason: `its runtime could not be fetched (${failure})` }
  const fetched = runtimeOf(root, env)
  return fetched ? { executable: fetched } : { reason: 'its runtime could not be fetched' }
}
