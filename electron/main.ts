import { app, BrowserWindow, Menu, nativeTheme, protocol, safeStorage, screen, session, shell, utilityProcess } from 'electron'
import { createDialogs } from './platform/dialogs.ts'
import { log } from './platform/log.ts'
import { bindIpc } from './rpc/ipc.ts'
import { runDesktopApp } from './shell/desktop-app.ts'

const electron = { app, BrowserWindow, Menu, nativeTheme, protocol, safeStorage, screen, session, shell, utilityProcess }

runDesktopApp({ electron, createDialogs, bindIpc }).catch((error: unknown) => {
  log.error('Mnemoscope cannot start', error)
  app.exit(1)
})
