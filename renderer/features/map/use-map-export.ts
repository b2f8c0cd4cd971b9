import { useMutation } from '@tanstack/react-query'
import type { RefObject } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { storedOrder } from '../../../shared/contract/records.ts'
import { noFilter } from '../../../shared/domain/where.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatQuantity } from '../../lib/format.ts'
import { saveFile } from '../../lib/save-file.ts'
import { toastError } from '../../lib/toast-error.ts'
import type { MenuEntry } from '../../ui/menu.tsx'
import { toast } from '../../ui/toast.tsx'
import type { PictureKey, ScatterHandle } from './scatter/scatter-props.ts'

type RecordFormat = 'ids' | 'jsonl' | 'csv'
type PictureFormat = 'png' | 'svg'

const recordNames: Record<RecordFormat, string> = { ids: 'IDs', jsonl: 'JSONL', csv: 'CSV' }
const fileEnds: Record<RecordFormat, { end: string; type: string }> = {
  ids: { end: 'txt', type: 'text/plain' },
  jsonl: { end: 'jsonl', type: 'application/x-ndjson' },
  csv: { end: 'csv', type: 'text/csv' },
}
/** Image pixels per CSS pixel. */
const sharpness = 2

export interface MapExport {
  readonly isBusy: boolean
  /** What can be done with the records that are selected. */
  readonly records: MenuEntry[]
  /** What can be done with the picture. */
  readonly picture: MenuEntry[]
}

/** Takes what is selected, or the picture with the key to its colours, out of the map: to the clipboard or to a file. */
export function useMapExport(
  collection: CollectionRef,
  ids: ReadonlySet<string> | null,
  scatter: RefObject<ScatterHandle | null>,
  key: PictureKey | null,
): MapExport {
  const client = useClient()

  const records = useMutation({
    mutationFn: async ({ format, toFile }: { format: RecordFormat; toFile: boolean }) => {
      const wanted = [...(ids ?? [])]
      const view = { ...collection, filter: noFilter, sort: storedOrder }
      const { text, count } =
        format === 'ids'
          ? { text: wanted.join('\n'), count: wanted.length }
          : await client.call('records.copy', { selection: { view, ranges: [], ids: wanted }, format, columns: null })
      const { end, type } = fileEnds[format]
      if (!toFile) await navigator.clipboard.writeText(text)
      else if (!(await saveFile(client, `selection.${end}`, new Blob([text], { type })))) return null
      return `${formatQuantity(count, 'record')} ${toFile ? 'saved' : 'copied'} as ${recordNames[format]}.`
    },
    onSuccess: (message) => message !== null && toast({ key: 'copied', message }),
    onError: toastError,
  })
  const picture = useMutation({
    mutationFn: async ({ format, toFile }: { format: PictureFormat; toFile: boolean }) => {
      const handle = scatter.current
      if (!handle) throw new Error('The map is not drawn, so there is no picture of it.')
      const content = format === 'png' ? await handle.toPNG(sharpness, key) : new Blob([await handle.toSVG(key)], { type: 'image/svg+xml' })
      if (toFile) {
        if (!(await saveFile(client, `map.${format}`, content))) return null
      } else if (format === 'png') await navigator.clipboard.write([new ClipboardItem({ 'image/png': content })])
      else await navigator.clipboard.writeText(await content.text())
      return `The map was ${toFile ? 'saved' : 'copied'} as ${format.toUpperCase()}.`
    },
    onSuccess: (message) => message !== null && toast({ key: 'copied', message }),
    onError: toastError,
  })

  const places = [false, true]
  const word = (toFile: boolean): string => (toFile ? 'Save' : 'Copy')
  return {
    isBusy: records.isPending || picture.isPending,
    records: places.flatMap((toFile): MenuEntry[] => [
      ...(toFile ? [{ kind: 'separator' as const }] : []),
      ...(['ids', 'jsonl', 'csv'] as const).map((format) => ({
        label: `${word(toFile)} as ${recordNames[format]}`,
        onSelect: () => records.mutate({ format, toFile }),
      })),
    ]),
    picture: places.flatMap((toFile): MenuEntry[] => [
      ...(toFile ? [{ kind: 'separator' as const }] : []),
      ...(['png', 'svg'] as const).map((format) => ({
        label: `${word(toFile)} as ${format.toUpperCase()}`,
        onSelect: () => picture.mutate({ format, toFile }),
      })),
    ]),
  }
}
