import { readFile } from 'node:fs/promises'
import net, { type Socket } from 'node:net'
import { log } from '../platform/log.ts'

/** An address as the kernel's tables have it: 32-bit words in the byte order of the machine. */
function tableAddress(address: string, port: number): string {
  const bytes = net.isIPv4(address) ? Buffer.from(address.split('.').map(Number)) : Buffer.from([...Array<number>(15).fill(0), 1])
  const words = Array.from({ length: bytes.length / 4 }, (_, word) =>
    bytes
      .readUInt32LE(word * 4)
      .toString(16)
      .padStart(8, '0'),
  )
  return `${words.join('')}:${port.toString(16).padStart(4, '0')}`.toUpperCase()
}

/** Within a user namespace the numbers of other users are not told apart. */
async function tellsUsersApart(): Promise<boolean> {
  return /^\s*0\s+0\s+4294967295\s*$/.test(await readFile('/proc/self/uid_map', 'utf8'))
}

/**
 * Whether a loopback connection was made by a user of this computer who is neither the one that runs this program nor
 * the administrator. The link with its token can stand in the list of processes for a moment, when a browser is
 * started with it, and every user may read that list. Known on Linux alone; false where it cannot be known.
 */
export async function isAnotherUser(socket: Socket): Promise<boolean> {
  const { remoteAddress, remotePort, localAddress, localPort } = socket
  const own = process.getuid?.()
  if (process.platform !== 'linux' || own === undefined || !remoteAddress || !remotePort || !localAddress || !localPort) return false
  try {
    if (!(await tellsUsersApart())) return false
    const table = await readFile(net.isIPv4(remoteAddress) ? '/proc/net/tcp' : '/proc/net/tcp6', 'utf8')
    const wanted = `${tableAddress(remoteAddress, remotePort)} ${tableAddress(localAddress, localPort)}`
    const row = table.split('\n').find((line) => line.includes(wanted))
    const user = row?.trim().split(/\s+/)[7]
    if (user === undefined) return false
    return ![own, 0, Number(process.env['SUDO_UID'] ?? own)].includes(Number(user))
  } catch (error) {
    log.warn('It could not be told which user made a connection', error)
    return false
  }
}
