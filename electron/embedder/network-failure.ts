import { AppError } from '../../shared/rpc/errors.ts'

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the name is unknown, or there is no network',
  EAI_AGAIN: 'the name could not be looked up, or there is no network',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  ETIMEDOUT: 'it did not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'it did not answer in time',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'the network is not reachable',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak https',
  EPROTO: 'it does not speak https',
  HPE_INVALID_CONSTANT: 'it does not speak http',
}

/** `fetch` hides the reason one or two causes deep. */
function codeOf(error: unknown): string | null {
  for (let current: unknown = error, depth = 0; current instanceof Error && depth < 4; current = current.cause, depth += 1) {
    if ('code' in current && typeof current.code === 'string') return current.code
  }
  return null
}

/** An AppError 'unreachable' that says why a request to `host` failed. */
export function networkFailure(error: unknown, host: string, remedy: string): AppError {
  const code = codeOf(error)
  if (code !== null && /^(?:CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT)/.test(code)) {
    return new AppError(
      'unreachable',
      `The certificate of ${host} is not trusted (${code}).`,
      'Check the address; for a private authority start Mnemoscope with NODE_EXTRA_CA_CERTS naming its certificate.',
      { cause: error },
    )
  }
  const reason = (code !== null && reasons[code]) || code || (error instanceof Error ? error.message : String(error))
  return new AppError('unreachable', `${host} could not be reached: ${reason}.`, remedy, { cause: error })
}

/** True for hosts that are this computer. */
export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i.test(hostname)
}
