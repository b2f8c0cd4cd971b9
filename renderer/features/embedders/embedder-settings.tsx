import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useClient } from '../../lib/client-context.tsx'
import { QueryError } from '../../lib/query-error.tsx'
import { useAddress } from '../../lib/use-address.ts'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { Section } from '../../ui/section.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { draftOf, newDraft, type EmbedderDraft } from './embedder-draft.ts'
import { EmbedderForm } from './embedder-form.tsx'
import { EmbedderRow } from './embedder-row.tsx'
import { ModelFiles } from './model-files.tsx'

/** What the collection that is open asks for and nobody has set up. */
function Suggestion({ onUse }: { onUse: (draft: EmbedderDraft) => void }) {
  const client = useClient()
  const { connectionId, collectionId } = useAddress()
  const { data } = useQuery({
    ...client.query('embedders.choice', { connectionId: connectionId ?? '', collectionId: collectionId ?? '' }),
    enabled: connectionId !== null && collectionId !== null,
  })
  const suggestion = data?.suggestion ?? null
  if (suggestion === null) return null
  return (
    <Callout
      title={`This collection seems to be made with ${suggestion.title}.`}
      action={
        <Button size="small" onClick={() => onUse(draftOf({ id: null, ...suggestion }))}>
          Set it up…
        </Button>
      }
    />
  )
}

/** Embedders: which there are, setting one up, trying it, its files. */
export function EmbedderSettings() {
  const client = useClient()
  const list = useQuery(client.query('embedders.list', { dimension: null }))
  const [draft, setDraft] = useState<EmbedderDraft | null>(null)
  const edited = list.data?.find(({ id }) => id === draft?.id)
  return (
    <Section
      title="Embedders"
      note="Turn texts of queries into vectors"
      action={
        <Button size="small" icon={<Plus aria-hidden="true" />} disabled={draft !== null} onClick={() => setDraft(newDraft)}>
          Add embedder
        </Button>
      }
    >
      {draft === null ? (
        <Suggestion onUse={setDraft} />
      ) : (
        <EmbedderForm key={draft.id} start={draft} hasKey={edited?.hasKey === true} onDone={() => setDraft(null)} />
      )}
      {list.isLoadingError ? (
        <QueryError error={list.error} onRetry={() => void list.refetch()} retrying={list.isFetching} />
      ) : list.data === undefined ? (
        <SkeletonLines count={3} />
      ) : (
        <ul aria-label="Embedders" className="flex flex-col">
          {list.data.map((embedder) => (
            <EmbedderRow key={embedder.id} embedder={embedder} onEdit={() => setDraft(draftOf(embedder))} />
          ))}
        </ul>
      )}
      <ModelFiles />
    </Section>
  )
}
