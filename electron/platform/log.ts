/** One line per event, to standard error; secrets and file contents are never passed in. */
function write(level: 'info' | 'warn' | 'error', message: string, cause?: unknown): void {
  const detail = cause instanceof Error ? `: ${cause.stack ?? cause.message}` : cause === undefined ? '' : `: ${String(cause)}`
  process.stderr.write(`${new Date().toISOString()} ${level} ${message}${detail}\n`)
}

export const log = {
  info: (message: string): void => write('info', message),
  warn: (message: string, cause?: unknown): void => write('warn', message, cause),
  error: (message: string, cause?: unknown): void => write('error', message, cause),
}
