import { AppError, toWireError } from '../../shared/rpc/errors.ts'
import { contract } from '../../shared/contract/index.ts'
import type { Dispatch } from '../rpc/router.ts'

/**
 * The same dispatch, except that a page cannot name a program to run by itself: the person is shown the command in a
 * dialog of the operating system, which no page can draw over or answer.
 */
export function confirmCommands(dispatch: Dispatch, confirm: (command: string) => Promise<boolean>): Dispatch {
  return async (name, input, context) => {
    if (name === 'engine.setCommand') {
      const parsed = contract.engine.setCommand.input.safeParse(input)
      const command = parsed.success ? parsed.data.command : null
      if (command !== null && !(await confirm(command))) {
        return { ok: false, error: toWireError(new AppError('cancelled', 'The command was not changed.')) }
      }
    }
    return dispatch(name, input, context)
  }
}
