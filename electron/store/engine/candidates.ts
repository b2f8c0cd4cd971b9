import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import type { EngineCandidate } from '../../../shared/contract/engine.ts'
import type { LaunchHost } from './engine-child.ts'
import type { EngineProgram, FoundEngine } from './engine-program.ts'
import { probe } from './probe.ts'

export interface CandidateOptions {
  /** The person's own command, or null. */
  readonly command: string | null
  /** Store directories near which Python environments are looked for. */
  readonly near: readonly string[]
  readonly environment: NodeJS.ProcessEnv
  readonly launchHost: LaunchHost
  /** A private folder in which programs are started. */
  readonly workingDirectory: string
}

interface Possible {
  readonly kind: EngineCandidate['kind']
  readonly label: string
  readonly program: EngineProgram | null
  readonly missing: string | null
  /** Version of the package, where there is one. */
  readonly packageVersion: string | null
}

const parentLevels = 4
const windows = process.platform === 'win32'
const require = createRequire(import.meta.url)
const compatNote = 'It cannot open stores of Chroma 1.1 or later.'

function platformName(): string {
  if (process.platform === 'linux') return `linux-${os.arch()}-gnu`
  return windows ? `win32-${os.arch()}-msvc` : `${process.platform}-${os.arch()}`
}

function binding(kind: 'newest-binding' | 'compat-binding', packageName: string): Possible {
  try {
    const manifestFile = require.resolve(`${packageName}/package.json`)
    const manifest = z.object({ version: z.string(), main: z.string() }).parse(JSON.parse(readFileSync(manifestFile, 'utf8')))
    const program = { kind: 'binding', file: path.join(path.dirname(manifestFile), manifest.main) } as const
    return { kind, label: `chromadb ${manifest.version} (built in)`, program, missing: null, packageVersion: manifest.version }
  } catch {
    const missing = `The package ${packageName} is not installed.`
    return {
      kind,
      label: kind === 'newest-binding' ? 'chromadb (built in)' : 'chromadb 1.0.5 (built in)',
      program: null,
      missing,
      packageVersion: null,
    }
  }
}

/** Splits a command at spaces outside quotes; a path that exists is one word, spaces and all. */
export function commandWords(command: string): string[] {
  const trimmed = command.trim()
  if (trimmed === '' || existsSync(trimmed)) return trimmed === '' ? [] : [trimmed]
  return [...trimmed.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? '')
}

function configured(command: string): Possible {
  return {
    kind: 'configured',
    label: command,
    program: { kind: 'command', command: commandWords(command) },
    missing: null,
    packageVersion: null,
  }
}

function isProgram(file: string): boolean {
  try {
    const stat = statSync(file)
    return stat.isFile() && (windows || (stat.mode & 0o111) !== 0)
  } catch {
    return false
  }
}

function inFolders(folders: readonly string[], kind: 'path' | 'python'): Possible[] {
  const names = windows ? ['chroma.exe', 'chroma.cmd'] : ['chroma']
  const files = folders.filter((folder) => path.isAbsolute(folder)).flatMap((folder) => names.map((name) => path.join(folder, name)))
  return [...new Set(files)]
    .filter(isProgram)
    .map((file) => ({ kind, label: file, program: { kind: 'command', command: [file] }, missing: null, packageVersion: null }))
}

function scriptsFolder(environmentRoot: string): string {
  return path.join(environmentRoot, windows ? 'Scripts' : 'bin')
}

/** Python environments beside a store or in one of the folders above it. */
function environmentsNear(near: readonly string[]): string[] {
  const roots: string[] = []
  for (const start of near) {
    let folder = path.resolve(start)
    for (let level = 0; level <= parentLevels; level += 1) {
      roots.push(...['.venv', 'venv', 'env', '.conda'].map((name) => path.join(folder, name)))
      if (path.dirname(folder) === folder) break
      folder = path.dirname(folder)
    }
  }
  return roots
}

/** Version of the chromadb package of a Python environment, read from the name of its dist-info folder; nothing is run. */
function installedVersion(program: string): string | null {
  const root = path.dirname(path.dirname(program))
  const library = path.join(root, windows ? 'Lib' : 'lib')
  try {
    const homes = windows
      ? [library]
      : readdirSync(library)
          .filter((name) => name.startsWith('python'))
          .map((name) => path.join(library, name))
    const names = homes.flatMap((home) => readdirSync(path.join(home, 'site-packages')))
    return names.map((name) => /^chromadb-(\d[\w.]*)\.dist-info$/.exec(name)?.[1]).find((version) => version !== undefined) ?? null
  } catch {
    return null
  }
}

/**
 * A program that lies beside a store came with whatever brought the store. It is found and shown, but
 * looking at somebody else's directory must never run something from it: that takes a person's choice.
 */
function nearStore(near: readonly string[]): Possible[] {
  return inFolders(environmentsNear(near).map(scriptsFolder), 'python').map((item) => ({
    ...item,
    program: null,
    missing: 'It was found near the store. Programs beside a store are only run when chosen: set it as the engine command to use it.',
    packageVersion: installedVersion(item.label),
  }))
}

function activeEnvironments(environment: NodeJS.ProcessEnv): string[] {
  return [environment['VIRTUAL_ENV'], environment['CONDA_PREFIX']].filter((root) => root !== undefined)
}

function possibilities(options: CandidateOptions): Possible[] {
  const onPath = (options.environment['PATH'] ?? options.environment['Path'] ?? '').split(path.delimiter).filter((folder) => folder !== '')
  // npm puts the chromadb package's own `chroma` on PATH while a script runs; it is the built-in binding again.
  const outside = onPath.filter((folder) => path.basename(folder) !== '.bin')
  const command = options.command?.trim() ?? ''
  const found = [
    ...(command === '' ? [] : [configured(command)]),
    binding('newest-binding', `chromadb-js-bindings-${platformName()}`),
    ...inFolders(outside, 'path').slice(0, 3),
    ...inFolders(activeEnvironments(options.environment).map(scriptsFolder), 'python'),
    ...nearStore(options.near).slice(0, 5),
    binding('compat-binding', `chromadb-compat-${platformName()}`),
  ]
  const seen = new Set<string>()
  return found.filter((item) => {
    const key = item.program?.kind === 'command' ? item.program.command.join('\0') : item.label
    return !seen.has(key) && seen.add(key)
  })
}

function tooOld(version: string): boolean {
  return Number(version.split('.')[0]) < 1
}

async function examine(item: Possible, options: CandidateOptions): Promise<FoundEngine> {
  const base = { kind: item.kind, label: item.label }
  if (item.program === null) {
    return { candidate: { ...base, version: item.packageVersion, usable: false, note: item.missing }, program: null }
  }
  const result = await probe(item.program, options.launchHost, options.workingDirectory, options.environment)
  if ('reason' in result) {
    return { candidate: { ...base, version: item.packageVersion, usable: false, note: result.reason }, program: null }
  }
  if (tooOld(result.version)) {
    const note = 'Chroma before 1.0 cannot be started with the checks that protect a store; 1.0 or later is needed.'
    return { candidate: { ...base, version: result.version, usable: false, note }, program: null }
  }
  const note = item.kind === 'compat-binding' ? compatNote : null
  return { candidate: { ...base, version: result.version, usable: true, note }, program: item.program }
}

/** A program that may be an engine; `examine` asks it for its version, once. */
export interface Prospect {
  readonly kind: EngineCandidate['kind']
  examine(): Promise<FoundEngine>
}

/** Looks for programs that can be started as an engine, in order of preference. Nothing is run before it is examined. */
export function findProspects(options: CandidateOptions): Prospect[] {
  return possibilities(options).map((item) => {
    let examined: Promise<FoundEngine> | null = null
    return { kind: item.kind, examine: () => (examined ??= examine(item, options)) }
  })
}
