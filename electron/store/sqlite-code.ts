import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { log } from '../platform/log.ts'

let kept: Promise<WebAssembly.Module | null> | null = null

/**
 * Compiles SQLite once for this process and keeps it. V8 gives workers that load the same bytes the code that is there already,
 * and those that come too early wait for it: compiling would cost each of them a quarter of a second.
 */
export function keepSqliteCompiled(): void {
  kept ??= compile().catch((error: unknown) => {
    log.warn('SQLite was not compiled ahead, so each worker compiles its own', error)
    return null
  })
}

async function compile(): Promise<WebAssembly.Module> {
  const script = createRequire(import.meta.url).resolve('node-sqlite3-wasm')
  return WebAssembly.compile(await readFile(script.replace(/\.js$/, '.wasm')))
}
