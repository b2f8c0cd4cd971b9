import { createHttpTransport } from './http-transport.ts'
import { createIpcTransport } from './ipc-transport.ts'
import type { Transport } from './transport.ts'

/** The way to the core from this window. To be called once, before anything reads the address. */
export function connect(): Transport {
  return window.bridge ? createIpcTransport(window.bridge) : createHttpTransport()
}
