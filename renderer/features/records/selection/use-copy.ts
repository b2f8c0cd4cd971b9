import { useMutation } from '@tanstack/react-query'
import { maxCopiedRecords, type RecordView } from '../../../../shared/contract/records.ts'
import { useClient } from '../../../lib/client-context.tsx'
import { formatQuantity } from '../../../lib/format.ts'
import { toast } from '../../../ui/toast.tsx'
import { countSelected, type Selection } from '../../../lib/selection/selection.ts'

export type CopyFormat = 'json' | 'jsonl' | 'csv'

export const formatNames: Readonly<Record<CopyFormat, string>> = { json: 'JSON', jsonl: 'JSONL', csv: 'CSV' }

/** Puts the selected records on the clipboard and says how many; never more than {@link maxCopiedRecords}. */
export function useCopy(view: RecordView, selection: Selection) {
  const client = useClient()
  return useMutation({
    mutationFn: async (format: CopyFormat) => {
      const { text, count } = await client.call('records.copy', {
        selection: { view, ranges: [...selection.ranges], ids: [...selection.ids] },
        format,
        columns: null,
      })
      await navigator.clipboard.writeText(text)
      return { count, format }
    },
    onSuccess: ({ count, format }) => {
      const cut = countSelected(selection) > maxCopiedRecords
      toast({
        key: 'copied',
        severity: cut ? 'warning' : 'info',
        message: `${formatQuantity(count, 'record')} copied as ${formatNames[format]}.`,
        remedy: cut
          ? `The clipboard takes ${formatQuantity(maxCopiedRecords, 'record')} at most; the rest of the selection is not in it.`
          : null,
      })
    },
  })
}
