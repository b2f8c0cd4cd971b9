import { Cloud, FlaskConical, HardDrive, Server } from 'lucide-react'
import type { Connection } from '../../shared/contract/connections.ts'

const icons = { directory: HardDrive, server: Server, cloud: Cloud }

/** The sign of a connection's kind. */
export function connectionIcon(connection: Connection) {
  const Icon = connection.isSample ? FlaskConical : icons[connection.kind]
  return <Icon aria-hidden="true" />
}
