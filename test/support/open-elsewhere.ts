import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * A program of somebody else that has a file open until its process is ended. It is started by another one, which is gone by then.
 * @returns the id of its process
 */
export async function openElsewhere(file: string): Promise<number> {
  const script = '(exec 3<"$0"; echo $(sh -c "echo \\$PPID"); exec sleep 600) & exit'
  const child = spawn('sh', ['-c', script, file], { stdio: ['ignore', 'pipe', 'ignore'] })
  const [text] = (await once(child.stdout, 'data')) as [Buffer]
  return Number(text.toString())
}
