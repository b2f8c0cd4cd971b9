import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const configs = ['vite.electron.config.ts', 'vite.preload.config.ts', 'vite.config.ts']
const sources = ['electron', 'renderer', 'shared', ...configs, 'package.json', 'node_modules/.package-lock.json']

/** @param {string} root @param {string} name @param {import('node:crypto').Hash} hash */
function addToHash(root, name, hash) {
  const file = path.join(root, name)
  const found = statSync(file, { throwIfNoEntry: false })
  if (found?.isDirectory()) {
    for (const entry of readdirSync(file).toSorted()) addToHash(root, `${name}/${entry}`, hash)
  } else if (found) {
    hash.update(`${name}\n${found.size}\n${found.mtimeMs}\n`)
  }
}

/** A text that differs whenever a source file was added, removed or touched. @param {string} root */
function fingerprint(root) {
  const hash = createHash('sha256')
  for (const name of sources) addToHash(root, name, hash)
  return hash.digest('hex')
}

/** @param {string} root */
const stampOf = (root) => path.join(root, 'dist/.fingerprint')

/** True where dist was built from the sources as they are now. @param {string} root */
export function buildIsCurrent(root) {
  const stamp = stampOf(root)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(root)
}

/** Leftovers of builds whose process is gone. @param {string} root */
function removeLeftovers(root) {
  for (const name of readdirSync(root)) {
    const pid = /^dist-(?:new|old)-(\d+)$/.exec(name)?.[1]
    if (pid === undefined) continue
    try {
      process.kill(Number(pid), 0)
    } catch {
      rmSync(path.join(root, name), { recursive: true, force: true })
    }
  }
}

/** Puts the finished build in place at once, so that whoever runs the earlier one never sees half of it. @param {string} root @param {string} next */
function replaceDist(root, next) {
  const dist = path.join(root, 'dist')
  const old = path.join(root, `dist-old-${process.pid}`)
  try {
    if (existsSync(dist)) renameSync(dist, old)
    renameSync(next, dist)
  } catch {
    // Windows does not rename a folder of which a file is open.
    cpSync(next, dist, { recursive: true, force: true })
    rmSync(next, { recursive: true, force: true })
  }
  rmSync(old, { recursive: true, force: true })
}

/** Builds main, preload, workers and renderer into dist. Needs the dependencies. @param {string} root */
export async function build(root) {
  process.env['NODE_ENV'] = 'production'
  const vite = await import('vite')
  const stamp = fingerprint(root)
  const next = path.join(root, `dist-new-${process.pid}`)
  removeLeftovers(root)
  try {
    for (const config of configs) {
      const outDir = path.join(next, config === 'vite.config.ts' ? 'renderer' : 'electron')
      const configFile = path.join(root, config)
      await vite.build({
        configFile,
        root: config === 'vite.config.ts' ? path.join(root, 'renderer') : root,
        logLevel: 'warn',
        build: { outDir },
      })
    }
    writeFileSync(path.join(next, '.fingerprint'), stamp)
    replaceDist(root, next)
  } finally {
    rmSync(next, { recursive: true, force: true })
  }
}

/** Run on its own (`node electron/launch/build.mjs`): builds where the sources are newer than dist. */
if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = path.resolve(import.meta.dirname, '../..')
  try {
    if (!buildIsCurrent(root)) await build(root)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    process.exitCode = 1
  }
}
