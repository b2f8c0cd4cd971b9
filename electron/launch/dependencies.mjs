import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { LaunchError } from './launch-error.mjs'

/** @typedef {{ version?: string, optional?: boolean, link?: boolean, peer?: boolean }} LockedPackage */

/** @param {string} file @returns {Record<string, LockedPackage> | null} */
function packagesOf(file) {
  if (!existsSync(file)) return null
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? null
  } catch {
    return null
  }
}

/**
 * True where node_modules holds what the lockfile says. npm writes node_modules/.package-lock.json last, so an
 * installation that was broken off does not count. Optional packages may be missing: many are for other systems.
 * @param {string} root
 */
export function dependenciesAreCurrent(root) {
  const wanted = packagesOf(path.join(root, 'package-lock.json'))
  if (!wanted) throw new LaunchError('package-lock.json is missing or damaged, so nothing can be installed. Clone the repository again.')
  const found = packagesOf(path.join(root, 'node_modules/.package-lock.json'))
  if (!found) return false
  return Object.entries(wanted).every(([name, { version, optional }]) => {
    if (name === '') return true
    const installed = found[name]
    return installed ? installed.version === version : optional === true
  })
}

/** The environment for npm: without what npm took from this command's own options. @param {NodeJS.ProcessEnv} env */
function npmEnvironment(env) {
  const ours = new Set(['npm_config_browser', 'npm_config_port', 'npm_config_open', 'npm_config_loglevel'])
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.has(name.toLowerCase())))
}

/**
 * Runs `npm ci`. npm's own words are shown only where it fails.
 * @param {string} root @param {NodeJS.ProcessEnv} env @param {AbortSignal} signal
 */
export async function installDependencies(root, env, signal) {
  const npm = env['npm_execpath']
  const words = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  const own = npm !== undefined && /npm-cli\.c?js$/.test(npm)
  const windows = process.platform === 'win32'
  const child = own
    ? spawn(process.execPath, [npm, ...words], { cwd: root, env: npmEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'], signal })
    : spawn(windows ? 'npm.cmd' : 'npm', words, {
        cwd: root,
        env: npmEnvironment(env),
        stdio: ['ignore', 'pipe', 'pipe'],
        signal,
        shell: windows,
      })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (output += text))
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (code !== 0) throw new LaunchError(`${output.trim()}\nnpm ci failed, so Mnemoscope cannot start. The lines above say why.`)
}
