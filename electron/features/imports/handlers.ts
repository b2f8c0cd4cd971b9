import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { recordEndings, textEndings, type ImportPreview, type ImportRequest, type imports } from '../../../shared/contract/imports.ts'
import { collectionSubject } from '../../../shared/contract/jobs.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { ChangeRunner } from '../../curation/change.ts'
import { RecordEmbedder, type RecordEmbedderOptions } from '../../curation/plans/record-embedder.ts'
import type { JobContext, Jobs } from '../../jobs/jobs.ts'
import type { Dialogs } from '../../platform/dialog-interface.ts'
import type { OpenStores } from '../../store/open-stores.ts'
import type { ImportFiles } from './import-files.ts'
import { importPlan } from './import-plan.ts'
import { importPreview } from './import-preview.ts'

interface PickedFile {
  readonly handle: string
  readonly name: string
  readonly bytes: number
  readonly modifiedAt: number
}

export interface ImportsParts extends RecordEmbedderOptions {
  readonly files: ImportFiles
  readonly stores: OpenStores
  readonly jobs: Jobs
  readonly changes: ChangeRunner
  readonly dialogs: Dialogs | null
  /** The path that a handle of the picker stands for. */
  readonly pathOf: (handle: string) => Promise<string>
  /** Files of a folder with one of these endings. */
  readonly filesIn: (handle: string, endings: readonly string[]) => Promise<PickedFile[]>
}

const endings = [...textEndings, ...recordEndings]
const dialog = {
  title: 'Import texts or records',
  button: 'Import',
  kinds: [
    { name: 'Texts, Markdown and JSON lines', endings },
    { name: 'All files', endings: ['*'] },
  ],
}

export function importsHandlers(parts: ImportsParts): Handlers<typeof imports> {
  const { files, stores, jobs, changes, dialogs, embedders } = parts

  async function embedderOf(ref: CollectionRef, signal: AbortSignal): Promise<ImportPreview['embedder']> {
    const { embedder, problem } = await embedders.choice(ref, signal)
    const none = 'No embedder is chosen for this collection.'
    return { title: embedder?.title ?? null, sendsTo: embedder?.sendsTo ?? null, problem: embedder ? (problem ?? embedder.needs) : none }
  }

  async function run({ fileIds, ...request }: ImportRequest, { signal, progress }: JobContext): Promise<string> {
    const ref = { connectionId: request.connectionId, collectionId: request.collectionId }
    const store = await stores.get(ref.connectionId, signal)
    let opened: Promise<RecordEmbedder> | null = null
    const embedder = (): Promise<RecordEmbedder> => (opened ??= RecordEmbedder.ofCollection(parts, ref, signal))
    let isDone = false
    try {
      const plan = await importPlan({ store, ref, embedder, signal, progress }, files.get(fileIds), request)
      const changeId = await changes.apply(ref.connectionId, plan, { signal, progress })
      isDone = true
      files.close(fileIds)
      return changeId
    } finally {
      const used = await (opened as Promise<RecordEmbedder> | null)?.catch(() => null)
      await used?.finish(isDone)
    }
  }

  return {
    files: ({ handle }) => parts.filesIn(handle, endings),
    open: async ({ handle }) => files.open(await parts.pathOf(handle)),
    openWithDialog: async () => {
      if (!dialogs)
        throw new AppError(
          'unsupported',
          'The browser cannot show the system dialog for files.',
          'Choose the file from the list of places.',
        )
      const file = await dialogs.openFile(dialog)
      return file === null ? null : files.open(file)
    },
    drop: ({ name, text }) => files.add(name, text),
    close: ({ fileIds }) => {
      files.close(fileIds)
      return {}
    },
    preview: async ({ connectionId, collectionId, fileIds, chunks }, { signal }) => {
      const store = await stores.get(connectionId, signal)
      const preview = await importPreview(store, collectionId, files.get(fileIds), { chunks }, signal)
      const needsVectors = preview.withVector < preview.records
      return { ...preview, embedder: needsVectors ? await embedderOf({ connectionId, collectionId }, signal) : null }
    },
    apply: (request) => {
      const [first] = files.get(request.fileIds)
      const title = request.fileIds.length === 1 ? `Import ${first?.name ?? ''}` : `Import ${request.fileIds.length} files`
      return {
        jobId: jobs.start(title, (context) => run(request, context), { method: 'imports.apply', subject: collectionSubject(request) }),
      }
    },
  }
}
