import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useClient } from '../../lib/client-context.tsx'
import { QueryError } from '../../lib/query-error.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'

/** Code to copy that makes a cache write a log. */
export function SnippetsDialog({ onClose }: { onClose: () => void }) {
  const client = useClient()
  const { data, error } = useQuery(client.query('lookupLogs.snippets', {}))
  const [chosen, setChosen] = useState<string | null>(null)
  const snippet = data?.find(({ id }) => id === chosen) ?? data?.[0]
  return (
    <Dialog
      open
      size="large"
      onOpenChange={(next) => !next && onClose()}
      title="Write a log of lookups"
      description="One JSON line for each lookup. Misses are worth most with their nearest entry and its similarity."
    >
      <DialogBody className="flex flex-col gap-3 pb-5">
        {error !== null ? (
          <QueryError error={error} />
        ) : snippet === undefined ? (
          <SkeletonLines count={10} />
        ) : (
          <>
            <Segmented
              label="For which cache"
              value={snippet.id}
              onValueChange={setChosen}
              options={(data ?? []).map(({ id, title }) => ({ value: id, label: title }))}
              className="self-start"
            />
            <p className="text-ink-muted">{snippet.note}</p>
            <CodeBlock label={snippet.title} text={snippet.text} />
          </>
        )}
      </DialogBody>
    </Dialog>
  )
}
