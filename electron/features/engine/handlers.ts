import type { engine } from '../../../shared/contract/engine.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import type { Engines } from '../../store/engine/engines.ts'

/** Handlers of the `engine` namespace. `connectionOf` names the connection of a store directory, where there is one. */
export function engineHandlers(engines: Engines, connectionOf: (directory: string) => string | null = () => null): Handlers<typeof engine> {
  return {
    candidates: () => engines.candidates(),
    status: () => engines.statuses().map(({ directory, status }) => ({ ...status, connectionId: connectionOf(directory) })),
    logs: () => engines.logs(),
    setCommand: ({ command }) => engines.setCommand(command),
  }
}
