import { contract } from '../../shared/contract/index.ts'
import { AppError, toWireError } from '../../shared/rpc/errors.ts'
import type { Dispatch } from './router.ts'

/**
 * The same dispatch, except that a page cannot name a program to run. In browser mode there is no dialog that a page could not
 * answer by itself, so the engine's command comes from the command line of the person who started the app. Taking one away is safe.
 */
export function refuseCommands(dispatch: Dispatch): Dispatch {
  return async (name, input, context) => {
    if (name === 'engine.setCommand') {
      const parsed = contract.engine.setCommand.input.safeParse(input)
      if (parsed.success && parsed.data.command !== null) {
        const error = new AppError(
          'forbidden',
          'In the browser, the command that starts Chroma cannot be set from the page.',
          'Start Mnemoscope with it: npm start -- --browser --engine /path/to/chroma',
        )
        return { ok: false, error: toWireError(error) }
      }
    }
    return dispatch(name, input, context)
  }
}
