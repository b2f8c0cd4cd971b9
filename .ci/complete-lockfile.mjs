/**
 * Adds to package-lock.json the optional packages for other systems that npm left out of it.
 *
 * npm drops an optional package from the lockfile where the registry at hand does not offer it, and `npm ci` then refuses
 * the lockfile everywhere. What is added has the exact version and the system it is for, so that it is neither fetched
 * nor looked up where it does not fit. Run by `npm run lock` after the dependencies were changed.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const file = path.resolve(import.meta.dirname, '../package-lock.json')
const lock = JSON.parse(readFileSync(file, 'utf8'))
const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const processors = ['arm64', 'armv7', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']

/** What a package is for, by its name, such as `@scope/binding-linux-x64-musl`. @param {string} name */
function fitOf(name) {
  const words = name.split('/').at(-1)?.split(/[-.]/) ?? []
  const os = systems.filter((system) => words.includes(system))
  const cpu = processors.filter((processor) => words.includes(processor)).map((processor) => (processor === 'armv7' ? 'arm' : processor))
  const libc = words.includes('musl') ? ['musl'] : os[0] === 'linux' && words.includes('gnu') ? ['glibc'] : []
  if (os.length + cpu.length === 0) return null
  return { ...(cpu.length > 0 ? { cpu } : {}), ...(libc.length > 0 ? { libc } : {}), ...(os.length > 0 ? { os } : {}) }
}

/** @param {string} from @param {string} name */
function isLocked(from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (lock.packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`]) return true
    if (at === '') return false
  }
}

const added = []
for (const [from, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const fit = fitOf(name)
    if (isLocked(from, name) || fit === null || !/^\d+\.\d+\.\d+/.test(version)) continue
    lock.packages[`node_modules/${name}`] = { version, ...fit, ...(dev ? { dev: true } : {}), optional: true }
    added.push(`${name}@${version}`)
  }
}
const { '': own, ...others } = lock.packages
lock.packages = { '': own, ...Object.fromEntries(Object.entries(others).toSorted(([a], [b]) => a.localeCompare(b, 'en'))) }
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
process.stdout.write(added.length === 0 ? 'The lockfile is complete.\n' : `Added to the lockfile: ${added.join(', ')}\n`)
