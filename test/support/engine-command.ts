import { testEngines } from './engines.ts'

/** The command that starts the engine which tests run with, where it is none of the app's own. */
export async function engineCommand(): Promise<string | null> {
  const [engine] = await testEngines()
  const engines = await engine?.create()
  const candidates = (await engines?.candidates()) ?? []
  await engines?.close()
  return candidates.find(({ kind }) => kind === 'configured')?.label ?? null
}
