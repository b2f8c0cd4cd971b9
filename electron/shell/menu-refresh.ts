import { contract } from '../../shared/contract/index.ts'
import type { Core } from '../core.ts'
import { log } from '../platform/log.ts'
import type { Dispatch } from '../rpc/router.ts'
import type { ElectronApi } from './electron-api.ts'
import { menuTemplate, type MenuOptions } from './menu.ts'

export interface MenuRefreshOptions extends Omit<MenuOptions, 'recent'> {
  readonly core: Pick<Core, 'recent'>
}

export interface CurrentMenu {
  refresh(): Promise<void>
  /** The same dispatch, with the menu made anew after a call that may change the recent connections. */
  watch(dispatch: Dispatch): Dispatch
}

const changing = new Set(
  Object.entries(contract.connections).flatMap(([name, { kind }]) => (kind === 'mutation' ? [`connections.${name}`] : [])),
)

/** Sets the application menu, which lists the recent connections. */
export function keepMenuCurrent(menu: ElectronApi['Menu'], { core, ...options }: MenuRefreshOptions): CurrentMenu {
  async function refresh(): Promise<void> {
    const recent = await core.recent().catch((error: unknown) => {
      log.warn('The recent connections could not be read for the menu', error)
      return []
    })
    menu.setApplicationMenu(menu.buildFromTemplate(menuTemplate({ ...options, recent })))
  }

  return {
    refresh,
    watch: (dispatch) => async (name, input, context) => {
      const reply = await dispatch(name, input, context)
      if (changing.has(name)) void refresh()
      return reply
    },
  }
}
