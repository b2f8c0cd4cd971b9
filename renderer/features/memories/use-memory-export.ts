import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import type { MemoryUserRef } from '../../../shared/contract/memories.ts'
import { useClient } from '../../lib/client-context.tsx'
import { isCancelled } from '../../lib/describe-error.ts'
import { formatQuantity } from '../../lib/format.ts'
import { saveFile } from '../../lib/save-file.ts'
import { toastError } from '../../lib/toast-error.ts'
import type { Output } from '../../rpc/client.ts'
import { toast } from '../../ui/toast.tsx'

type MemoryFormat = 'json' | 'jsonl' | 'markdown'

const files: Readonly<Record<MemoryFormat, { end: string; type: string }>> = {
  json: { end: 'json', type: 'application/json' },
  jsonl: { end: 'jsonl', type: 'application/x-ndjson' },
  markdown: { end: 'md', type: 'text/markdown' },
}

/** A name of what every file system takes. */
function fileName(user: string | null): string {
  return `memory-${(user ?? 'no-user').replace(/[^\p{L}\p{N}_-]+/gu, '-').slice(0, 60)}`
}

/** Writes all that is remembered of a user into a file, part by part. */
export function useMemoryExport(memory: MemoryUserRef, factsCollectionId: string | null) {
  const client = useClient()
  const running = useRef<AbortController | null>(null)
  const { mutate, isPending } = useMutation({
    mutationFn: async (format: MemoryFormat) => {
      running.current = new AbortController()
      const texts: string[] = []
      let total = 0
      for (let part: number | null = 0; part !== null;) {
        const request = { ...memory, factsCollectionId, format, part }
        const answer: Output<'memories.exportPart'> = await client.call('memories.exportPart', request, running.current.signal)
        texts.push(answer.text)
        part = answer.next
        total = answer.total
      }
      const { end, type } = files[format]
      const isSaved = await saveFile(client, `${fileName(memory.user)}.${end}`, new Blob(texts, { type }))
      return isSaved ? total : null
    },
    onSuccess: (total) => {
      if (total !== null) toast({ key: 'saved', message: `${formatQuantity(total, 'record')} of this user written to a file.` })
    },
    onError: (error) => {
      if (!isCancelled(error)) toastError(error)
    },
  })
  return { save: mutate, isBusy: isPending, cancel: () => running.current?.abort() }
}
