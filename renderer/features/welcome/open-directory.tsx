import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useClient } from '../../lib/client-context.tsx'
import { useOverlay } from '../../lib/overlay.ts'
import { StorePicker } from './store-picker.tsx'
import { useOpened } from './use-opened.ts'

/** Asks for a directory when a view wants one to be opened: with the system's dialog where there is one, else with the app's own. */
export function OpenDirectory() {
  const client = useClient()
  const { overlay, close } = useOverlay()
  const opened = useOpened()
  const { data: info } = useQuery(client.query('app.info', {}))
  const { mutate: openWithDialog } = useMutation(client.mutation('connections.openWithDialog'))
  const wanted = overlay === 'open-directory'
  const native = info?.nativeDialogs === true

  useEffect(() => {
    if (!wanted || !native) return
    close()
    openWithDialog({}, { onSuccess: (connection) => connection && opened(connection) })
  }, [wanted, native, close, openWithDialog, opened])

  if (!info || native) return null
  return (
    <StorePicker
      open={wanted}
      onClose={close}
      onOpened={(connection) => {
        close()
        opened(connection)
      }}
    />
  )
}
