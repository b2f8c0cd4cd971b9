import type { embedders as embeddersContract } from '../../../shared/contract/embedders.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import type { Embedders } from '../../embedder/embedders.ts'
import type { Dialogs } from '../../platform/dialog-interface.ts'

export interface EmbeddersParts {
  readonly embedders: Embedders
  readonly dialogs: Dialogs | null
  /** The path that a handle of the directory picker stands for. */
  readonly pathOf: (handle: string) => Promise<string>
}

const modelDialog = { title: 'Choose the folder of a sentence model', button: 'Choose' }

export function embeddersHandlers({ embedders, dialogs, pathOf }: EmbeddersParts): Handlers<typeof embeddersContract> {
  return {
    list: ({ dimension }) => embedders.list(dimension),
    save: (embedder) => embedders.save(embedder),
    remove: async ({ id }) => {
      await embedders.remove(id)
      return {}
    },
    setKey: ({ id, key }) => embedders.setKey(id, key),
    test: ({ id }, { signal }) => embedders.test(id, signal),
    choice: (ref, { signal }) => embedders.choice(ref, signal),
    choose: ({ embedderId, ...ref }, { signal }) => embedders.choose(ref, embedderId, signal),
    parity: ({ embedderId, ...ref }) => embedders.parity(ref, embedderId),
    checkParity: ({ embedderId, ...ref }, { signal }) => embedders.checkParity(ref, embedderId, signal),
    models: () => embedders.models.list(),
    removeDownload: async ({ model }) => {
      await embedders.removeDownload(model)
      return {}
    },
    download: async ({ id }) => ({ jobId: await embedders.download(id) }),
    addLocalModel: async ({ handle }) => embedders.models.addLocal(await pathOf(handle)),
    addLocalModelWithDialog: async () => {
      if (!dialogs)
        throw new AppError(
          'unsupported',
          'The browser cannot show the system dialog for folders.',
          'Choose the folder from the list of places.',
        )
      const folder = await dialogs.openDirectory(modelDialog)
      return folder === null ? null : embedders.models.addLocal(folder)
    },
    removeLocalModel: async ({ id }) => {
      await embedders.models.removeLocal(id)
      return {}
    },
  }
}
