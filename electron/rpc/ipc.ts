import { ipcMain } from 'electron'
import { z } from 'zod'
import type { AppEvent } from '../../shared/contract/events.ts'
import { AppError, toWireError } from '../../shared/rpc/errors.ts'
import { log } from '../platform/log.ts'
import type { Dispatch, Reply } from './router.ts'

const callSchema = z.tuple([z.number().int().nonnegative(), z.string().min(1).max(100), z.unknown()])
const cancelSchema = z.tuple([z.number().int().nonnegative()])
const listenSchema = z.tuple([])
const droppedSchema = z.tuple([z.array(z.string().max(32_768)).max(1000)])

type Message = Pick<Electron.IpcMainEvent | Electron.IpcMainInvokeEvent, 'sender' | 'senderFrame'>

export interface IpcOptions {
  readonly dispatch: Dispatch
  readonly onEvent: (listener: (event: AppEvent) => void) => () => void
  /** True for a page that may ask: the app's own. */
  readonly isAppUrl: (url: string) => boolean
  /** Paths of files dropped on the window; they come from the operating system by way of the preload. */
  readonly onDropped: (paths: string[]) => void
}

/** What one window has asked for and still waits for. */
interface Window {
  readonly calls: Map<number, AbortController>
  stopListening: () => void
}

function refusal(error: AppError): Reply {
  return { ok: false, error: toWireError(error) }
}

/**
 * Binds the core to Electron's messages: `call` answers, `cancel` aborts a call of the same window, `listen` sends it
 * the core's events from then on, `dropped` takes paths from the preload. A message from anywhere but the top document
 * of a live window of the app, or of another shape, changes nothing.
 */
export function bindIpc({ dispatch, onEvent, isAppUrl, onDropped }: IpcOptions): void {
  const windows = new Map<Electron.WebContents, Window>()

  function isTrusted({ sender, senderFrame }: Message): boolean {
    if (senderFrame === null || sender.isDestroyed() || senderFrame.isDestroyed() || senderFrame.detached) return false
    return senderFrame.parent === null && sender.mainFrame === senderFrame && isAppUrl(senderFrame.url)
  }

  function windowOf(sender: Electron.WebContents): Window {
    const known = windows.get(sender)
    if (known) return known
    const window: Window = { calls: new Map(), stopListening: () => undefined }
    windows.set(sender, window)
    const abandon = (): void => {
      window.stopListening()
      for (const controller of window.calls.values()) controller.abort()
    }
    sender.on('render-process-gone', abandon)
    sender.once('destroyed', () => {
      abandon()
      windows.delete(sender)
    })
    return window
  }

  /** Runs `handle` for a trusted message of the right shape. */
  function on<Schema extends z.ZodType>(
    channel: string,
    schema: Schema,
    handle: (values: z.output<Schema>, sender: Electron.WebContents) => void,
  ): void {
    ipcMain.on(channel, (event, ...values: unknown[]) => {
      const parsed = schema.safeParse(values)
      if (isTrusted(event) && parsed.success) handle(parsed.data, event.sender)
      else log.warn(`A message on the channel ${channel} was refused.`)
    })
  }

  ipcMain.handle('call', async (event, ...values: unknown[]): Promise<Reply> => {
    if (!isTrusted(event)) return refusal(new AppError('forbidden', 'Only the window of the app may ask this.'))
    const parsed = callSchema.safeParse(values)
    if (!parsed.success) return refusal(new AppError('invalid-input', 'The window sent a call that could not be read.'))
    const [callId, name, input] = parsed.data
    const { calls } = windowOf(event.sender)
    if (calls.has(callId)) return refusal(new AppError('conflict', 'The window has a call with this number under way.'))
    const controller = new AbortController()
    calls.set(callId, controller)
    try {
      return await dispatch(name, input, { signal: controller.signal })
    } finally {
      calls.delete(callId)
    }
  })

  on('cancel', cancelSchema, ([callId], sender) => windowOf(sender).calls.get(callId)?.abort())

  on('listen', listenSchema, (_values, sender) => {
    const window = windowOf(sender)
    window.stopListening()
    window.stopListening = onEvent((event) => {
      if (!sender.isDestroyed()) sender.send('event', event)
    })
  })

  on('dropped', droppedSchema, ([paths]) => onDropped(paths.filter((path) => path !== '')))
}
