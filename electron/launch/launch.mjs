import path from 'node:path'
import { parseArguments, usage } from './arguments.mjs'
import { buildIsCurrent } from './build.mjs'
import { dependenciesAreCurrent, installDependencies } from './dependencies.mjs'
import { findDesktop } from './desktop.mjs'
import { LaunchError } from './launch-error.mjs'
import { runChild } from './run-child.mjs'

const root = path.resolve(import.meta.dirname, '../..')

/**
 * npm runs this through a shell, which does not hand on a signal that npm got; but its end can be seen.
 * @param {() => void} stop
 */
function stopWithParent(stop) {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid !== parent) stop()
  }, 500)
  watch.unref()
}

/** @param {string} line */
const say = (line) => void process.stdout.write(`${line}\n`)

/** @param {number} since */
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`

/** @param {AbortSignal} signal */
async function prepare(signal) {
  if (!dependenciesAreCurrent(root)) {
    const began = Date.now()
    say('Installing the dependencies from the lockfile (npm ci) ...')
    await installDependencies(root, process.env, signal)
    say(`Installed in ${seconds(began)}.`)
  }
  if (!buildIsCurrent(root)) {
    const began = Date.now()
    say('Building ...')
    const { code } = await runChild(process.execPath, [path.join(root, 'electron/launch/build.mjs')], {
      cwd: root,
      env: process.env,
      signal,
    })
    signal.throwIfAborted()
    if (code !== 0) throw new LaunchError('The build failed, so Mnemoscope cannot start. The lines above say why.')
    say(`Built in ${seconds(began)}.`)
  }
}

/** @param {import('./arguments.mjs').LaunchArguments} request @param {AbortSignal} signal */
async function openBrowserMode({ target, port, open, engine }, signal) {
  const words = [path.join(root, 'dist/electron/server.js')]
  if (target !== null) words.push(target)
  if (port !== null) words.push('--port', String(port))
  if (!open) words.push('--no-open')
  if (engine !== null) words.push('--engine', engine)
  const { code } = await runChild(process.execPath, words, { cwd: root, env: process.env, signal, tied: true })
  return code
}

/** @param {import('./arguments.mjs').LaunchArguments} request @param {AbortSignal} signal */
async function openApp(request, signal) {
  if (request.browser) return openBrowserMode(request, signal)
  const desktop = await findDesktop({ root, env: process.env, say, signal })
  signal.throwIfAborted()
  if ('reason' in desktop) {
    say(`Electron is not used, because ${desktop.reason}; opening browser mode.`)
    return openBrowserMode(request, signal)
  }
  if (request.engine !== null) say('--engine is for browser mode. On the desktop, the command that starts Chroma is in the settings.')
  const words = request.target === null ? [root] : [root, request.target]
  const { code, neverStarted } = await runChild(desktop.executable, words, { cwd: root, env: process.env, signal })
  if (!neverStarted) return code
  say(`Electron is not used, because it ended with code ${code} at once; opening browser mode.`)
  return openBrowserMode(request, signal)
}

/**
 * Runs the whole of `npm start`.
 * @returns {Promise<number>} the exit code
 */
export async function launch() {
  const stop = new AbortController()
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(name, () => stop.abort())
  if (process.env['npm_lifecycle_event'] !== undefined) stopWithParent(() => stop.abort())
  try {
    const request = parseArguments(process.argv.slice(2), process.env, process.cwd())
    if (request.help) {
      say(usage)
      return 0
    }
    if (request.note !== null) say(request.note)
    await prepare(stop.signal)
    return request.buildOnly ? 0 : await openApp(request, stop.signal)
  } catch (error) {
    if (stop.signal.aborted) return 130
    if (!(error instanceof LaunchError)) throw error
    process.stderr.write(`${error.message}\n`)
    return 1
  }
}
