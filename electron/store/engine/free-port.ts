import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * A loopback address for an engine: a random one of 127/8 where the system answers on all of them, so that
 * nothing that guesses 127.0.0.1 can reach it.
 */
export function loopbackAddress(): string {
  if (process.platform === 'darwin') return '127.0.0.1'
  return `127.${randomInt(1, 255)}.${randomInt(0, 255)}.${randomInt(2, 255)}`
}

/** A port that is free on that address now. */
export function freePort(address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, address, () => {
      const bound = server.address()
      const port = bound !== null && typeof bound === 'object' ? bound.port : 0
      server.close((error) => (error ? reject(error) : resolve(port)))
    })
  })
}
