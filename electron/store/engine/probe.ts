import { statSync } from 'node:fs'
import { engineEnvironment } from './engine-environment.ts'
import { launchCommand, type EngineChild, type LaunchHost } from './engine-child.ts'
import type { EngineProgram } from './engine-program.ts'

export type ProbeResult = { readonly version: string } | { readonly reason: string }

const patience = 15_000

function systemGlibc(): string | null {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  return report.header?.glibcVersionRuntime ?? null
}

/** Says in words why loading or running failed, from what the process wrote. */
export function explainFailure(output: string, ending: string): string {
  const glibc = [...output.matchAll(/GLIBC_(\d+\.\d+)['’]? not found/g)]
    .map((match) => match[1] ?? '')
    .sort((a, b) => Number(b.split('.')[1]) - Number(a.split('.')[1]))[0]
  if (glibc) {
    const own = systemGlibc()
    return `It needs glibc ${glibc} or later${own ? `; this system has ${own}` : ''}.`
  }
  if (/Cannot find module|MODULE_NOT_FOUND|ENOENT|not found/i.test(output) || /ENOENT/.test(ending)) return 'It was not found.'
  if (/EACCES|permission denied/i.test(output + ending)) return 'It may not be run by this user.'
  const said = output
    .split('\n')
    .map((line) => line.trim())
    .find((line) => /error|panic|cannot|invalid/i.test(line))
  return said ? `It ${ending}: ${said.slice(0, 200)}` : `It ${ending}.`
}

function launch(program: EngineProgram, launchHost: LaunchHost, workingDirectory: string, source: NodeJS.ProcessEnv): EngineChild {
  if (program.kind === 'binding') {
    return launchHost(['probe', program.file], { environment: engineEnvironment(source, false), workingDirectory })
  }
  return launchCommand([...program.command, '--version'], { environment: engineEnvironment(source, true), workingDirectory }, launchHost)
}

/** Versions of programs that were asked, by the program as it lies on the disk and the environment it was asked in. */
const knownVersions = new Map<string, ProbeResult>()

function keyOf(program: EngineProgram, source: NodeJS.ProcessEnv): string | null {
  const words = program.kind === 'binding' ? [program.file] : program.command
  try {
    const { size, mtimeMs } = statSync(words[0] ?? '')
    return JSON.stringify([program.kind, words, size, mtimeMs, engineEnvironment(source, program.kind === 'command')])
  } catch {
    return null
  }
}

/**
 * Asks a program for its version (`chroma --version`) in a process of its own, because loading a binding can
 * abort the process that does it. A program that told it is not asked again before its file changes.
 * Never throws; gives up after 15 seconds.
 */
export async function probe(
  program: EngineProgram,
  launchHost: LaunchHost,
  workingDirectory: string,
  source: NodeJS.ProcessEnv,
): Promise<ProbeResult> {
  const key = keyOf(program, source)
  const known = key === null ? undefined : knownVersions.get(key)
  if (known) return known
  const result = await ask(program, launchHost, workingDirectory, source)
  if (key !== null && 'version' in result) knownVersions.set(key, result)
  return result
}

function ask(program: EngineProgram, launchHost: LaunchHost, workingDirectory: string, source: NodeJS.ProcessEnv): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const child = launch(program, launchHost, workingDirectory, source)
    let output = ''
    const timer = setTimeout(() => {
      child.kill()
      resolve({ reason: 'It did not tell its version within 15 seconds.' })
    }, patience)
    child.onOutput((text) => {
      output = (output + text).slice(0, 100_000)
    })
    child.onExit((ending) => {
      clearTimeout(timer)
      setTimeout(() => {
        const version = /\bchroma(?:db)?[ ,v]+(\d+\.\d+\.\d+[\w.-]*)/i.exec(output)?.[1] ?? null
        resolve(version === null ? { reason: explainFailure(output, ending) } : { version })
      }, 20)
    })
  })
}
