import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { Bridge } from '../shared/rpc/bridge.ts'

const bridge: Bridge = {
  call: (callId, name, input) => ipcRenderer.invoke('call', callId, name, input),
  cancel: (callId) => ipcRenderer.send('cancel', callId),
  onEvent: (listener) => {
    const receive = (_event: unknown, value: unknown): void => listener(value)
    ipcRenderer.on('event', receive).send('listen')
    return () => void ipcRenderer.off('event', receive)
  },
  dropped: (files) =>
    ipcRenderer.send(
      'dropped',
      Array.from(files, (file) => webUtils.getPathForFile(file)),
    ),
}

contextBridge.exposeInMainWorld('bridge', Object.freeze(bridge))
