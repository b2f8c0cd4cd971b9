import { spawn } from 'node:child_process'

/** How long a program has to end by itself after Ctrl-C, in milliseconds. */
const patience = 6000
/** A program that fails within this time, in milliseconds, never got going. */
const startUp = 10_000

/**
 * Runs a program until it ends, handing on the request to stop; a program that does not heed it is ended.
 * `tied` gives a Node program a channel, whose end tells it that this process was killed.
 * @param {string} command @param {readonly string[]} words
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, signal: AbortSignal, tied?: boolean }} options
 * @returns {Promise<{ code: number, neverStarted: boolean }>}
 */
export function runChild(command, words, { cwd, env, signal, tied = false }) {
  return new Promise((resolve) => {
    const started = Date.now()
    const child = spawn(command, words, { cwd, env, stdio: tied ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit' })
    /** @type {NodeJS.Timeout | undefined} */
    let deadline
    const stop = () => {
      // On Windows that would be the end at once, and Ctrl-C has reached the program already.
      if (process.platform !== 'win32') child.kill('SIGTERM')
      deadline = setTimeout(() => child.kill('SIGKILL'), patience)
    }
    const end = (/** @type {number} */ code) => {
      clearTimeout(deadline)
      signal.removeEventListener('abort', stop)
      process.off('exit', endAtOnce)
      resolve({ code, neverStarted: code !== 0 && !signal.aborted && Date.now() - started < startUp })
    }
    const endAtOnce = () => void child.kill('SIGKILL')
    process.on('exit', endAtOnce)
    child.on('error', () => end(127))
    child.on('exit', (code, killedBy) => end(code ?? (signal.aborted ? 0 : killedBy ? 1 : 0)))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}
