import { statSync } from 'node:fs'
import path from 'node:path'
import { LaunchError } from './launch-error.mjs'

export const usage = `npm start [DIRECTORY|URL] [--browser] [--port N] [--no-open] [--engine COMMAND]

  DIRECTORY   a Chroma persist directory (it holds chroma.sqlite3), opened read-only
  URL         a Chroma server, such as http://localhost:8000
  --browser   open in the browser even where Electron could be used
  --port N    the port of browser mode on this computer; without it a free one is taken
  --no-open   do not open the browser, only print the address
  --engine C  the command that starts Chroma, in browser mode; on the desktop it is in the settings

Options can also follow two dashes: npm start -- DIRECTORY --browser`

/**
 * @typedef {object} LaunchArguments
 * @property {string | null} target  an absolute directory or a URL
 * @property {boolean} browser
 * @property {number | null} port
 * @property {boolean} open
 * @property {string | null} engine  the command that starts Chroma in browser mode
 * @property {boolean} help
 * @property {boolean} buildOnly
 * @property {string | null} note  what was understood of options that npm took for itself
 */

/** @param {string} text */
function portOf(text) {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535) {
    throw new LaunchError(`--port takes a number from 0 to 65535, not ${JSON.stringify(text)}.`)
  }
  return Number(text)
}

/** @param {string} text */
function commandOf(text) {
  if (text.trim() === '' || text.startsWith('-'))
    throw new LaunchError(`--engine takes the command that starts Chroma, such as /opt/venv/bin/chroma.`)
  return text
}

/** @param {string} word @param {string} from */
function targetOf(word, from) {
  if (/^https?:\/\//i.test(word)) {
    if (!URL.canParse(word)) throw new LaunchError(`${word} is not a complete address. A Chroma server's looks like http://localhost:8000.`)
    return word
  }
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(word)) {
    throw new LaunchError(`${word} is not an address Mnemoscope can open. A Chroma server's begins with http:// or https://.`)
  }
  const directory = path.resolve(from, word)
  const found = statSync(directory, { throwIfNoEntry: false })
  if (!found) throw new LaunchError(`There is no directory ${directory}.`)
  if (!found.isDirectory()) throw new LaunchError(`${directory} is a file. Name the directory that holds it.`)
  return directory
}

/** The words of the command line, taken apart. @param {readonly string[]} words */
function readWords(words) {
  const read = {
    browser: false,
    open: true,
    help: false,
    buildOnly: false,
    port: /** @type {number | null} */ (null),
    engine: /** @type {string | null} */ (null),
  }
  /** @type {string[]} */
  const rest = []
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (word === '--browser') read.browser = true
    else if (word === '--no-open') read.open = false
    else if (word === '--build-only') read.buildOnly = true
    else if (word === '--help' || word === '-h') read.help = true
    else if (word === '--port') read.port = portOf(words[(at += 1)] ?? '')
    else if (word.startsWith('--port=')) read.port = portOf(word.slice('--port='.length))
    else if (word === '--engine') read.engine = commandOf(words[(at += 1)] ?? '')
    else if (word.startsWith('--engine=')) read.engine = commandOf(word.slice('--engine='.length))
    else if (word === '--') return { ...read, rest: [...rest, ...words.slice(at + 1)] }
    else if (word.startsWith('-')) throw new LaunchError(`There is no option ${word}.\n\n${usage}`)
    else rest.push(word)
  }
  return { ...read, rest }
}

/** @param {string} word @param {string} from */
function isPortNumber(word, from) {
  return /^\d{1,5}$/.test(word) && Number(word) <= 65535 && !statSync(path.resolve(from, word), { throwIfNoEntry: false })
}

/**
 * Options written without two dashes before them are taken by npm, which hands them on in its environment and leaves
 * their values among the words: `npm start DIR --browser --port 8123` arrives as `DIR 8123` with npm_config_browser set.
 * @param {ReturnType<typeof readWords>} read @param {NodeJS.ProcessEnv} env @param {string} from
 */
function addWhatNpmTook(read, env, from) {
  const took = { browser: env['npm_config_browser'] === 'true', open: env['npm_config_open'], port: env['npm_config_port'] }
  if (took.browser) read.browser = true
  if (took.open === '') read.open = false
  if (took.port && took.port !== 'true') read.port = portOf(took.port)
  const mayHaveLostPort = took.browser || took.port === 'true'
  const at = mayHaveLostPort && read.port === null ? read.rest.findIndex((word) => isPortNumber(word, from)) : -1
  if (at >= 0) read.port = portOf(read.rest.splice(at, 1)[0] ?? '')
  if (!took.browser) return null
  const understood = ['browser', read.port === null ? '' : `port ${read.port}`, read.open ? '' : 'no-open'].filter(Boolean).join(', ')
  return `npm kept the options for itself; understood: ${understood}. To be exact write: npm start -- DIRECTORY --browser ...`
}

/**
 * What `npm start` was asked for. Directories are relative to where the person ran the command.
 * @param {readonly string[]} words @param {NodeJS.ProcessEnv} env @param {string} workingDirectory
 * @returns {LaunchArguments}
 * @throws {LaunchError} for an unknown option, a wrong port, or a directory that is not there
 */
export function parseArguments(words, env, workingDirectory) {
  const byNpm = env['npm_lifecycle_event'] === 'start'
  const from = byNpm ? (env['INIT_CWD'] ?? workingDirectory) : workingDirectory
  const read = readWords(words)
  const note = byNpm ? addWhatNpmTook(read, env, from) : null
  const [word, ...more] = read.rest
  if (more.length > 0) throw new LaunchError(`One directory or address can be opened at a time, not ${read.rest.length}.\n\n${usage}`)
  const { rest: _rest, ...options } = read
  return { ...options, target: word === undefined || read.help ? null : targetOf(word, from), note }
}
