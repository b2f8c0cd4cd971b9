import type { Bridge } from '../../shared/rpc/bridge.ts'
import { AppError, toWireError } from '../../shared/rpc/errors.ts'
import { parseEvent, type Reply, type Transport } from './transport.ts'

declare global {
  interface Window {
    readonly bridge?: Bridge
  }
}

function isReply(value: unknown): value is Reply {
  return typeof value === 'object' && value !== null && 'ok' in value && (value.ok === true || (value.ok === false && 'error' in value))
}

function refusal(error: unknown): Reply {
  return { ok: false, error: toWireError(error) }
}

/** Reaches the core through the desktop shell, which is there as long as the window is. */
export function createIpcTransport(bridge: Bridge): Transport {
  let lastCallId = 0

  async function call(name: string, input: unknown, signal?: AbortSignal): Promise<Reply> {
    if (signal?.aborted) return refusal(new AppError('cancelled', 'The operation was cancelled.'))
    lastCallId += 1
    const callId = lastCallId
    const cancel = (): void => bridge.cancel(callId)
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      const reply = await bridge.call(callId, name, input)
      return isReply(reply) ? reply : refusal(new AppError('internal', 'The application sent an answer that could not be read.'))
    } catch (cause) {
      return refusal(
        new AppError('unreachable', 'The program behind this window did not answer.', 'Close the window and start Mnemoscope again.', {
          cause,
        }),
      )
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }

  return {
    call,
    onEvent: (listener) =>
      bridge.onEvent((value) => {
        const event = parseEvent(value)
        if (event) listener(event)
      }),
    onConnection: (listener) => {
      listener(true)
      return () => undefined
    },
    openDropped: (files) => bridge.dropped(files),
  }
}
