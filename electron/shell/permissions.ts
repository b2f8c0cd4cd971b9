/** Writing text to the clipboard after a click is all a page ever needs. */
const allowed = 'clipboard-sanitized-write'

/** Refuses every permission and device to every page, but that one. */
export function denyPermissions(session: Electron.Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === allowed))
  session.setPermissionCheckHandler((_contents, permission) => permission === allowed)
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, answer) => answer(null))
  session.setBluetoothPairingHandler((_details, answer) => answer({ confirmed: false }))
  session.setUSBProtectedClassesHandler(({ protectedClasses }) => protectedClasses)
  for (const event of ['select-hid-device', 'select-usb-device', 'select-serial-port'] as const) {
    session.on(event as 'select-hid-device', (given, _details, answer) => {
      given.preventDefault()
      answer('')
    })
  }
  session.on('will-download', (given) => given.preventDefault())
}
