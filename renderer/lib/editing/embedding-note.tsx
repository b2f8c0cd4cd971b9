import { useQuery } from '@tanstack/react-query'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { useClient } from '../client-context.tsx'
import { describeError } from '../describe-error.ts'
import { ParityVerdict } from '../parity-verdict.tsx'

/** Which embedder makes new vectors for a collection, and why none can: `canEmbed` while one is there without a problem. */
export function useCollectionEmbedder(collection: CollectionRef) {
  const client = useClient()
  const { data: choice, error, isPending } = useQuery(client.query('embedders.choice', collection))
  const embedder = choice?.embedder ?? null
  const { data: parity } = useQuery({
    ...client.query('embedders.parity', { ...collection, embedderId: embedder?.id ?? '' }),
    enabled: embedder !== null,
  })
  const nothing = choice !== undefined && embedder === null ? 'No embedder is set up for this collection; Query offers some.' : null
  const problem = error === null ? (choice?.problem ?? nothing) : describeError(error).message
  return { embedder, parity: parity ?? null, problem, isPending, canEmbed: embedder !== null && problem === null }
}

/** Says which embedder would make new vectors, whether it made those that are stored, and where it sends texts. */
export function EmbeddingNote({ collection }: { collection: CollectionRef }) {
  const { embedder, parity, problem, isPending } = useCollectionEmbedder(collection)
  if (isPending) return null
  if (problem !== null || embedder === null) return <p className="text-small text-ink-muted">{problem}</p>
  return (
    <p className="flex flex-wrap items-center gap-1.5 text-small text-ink-muted">
      <span>By {embedder.title}</span>
      {parity === null ? <span>· parity with the stored vectors not checked</span> : <ParityVerdict parity={parity} />}
      {embedder.sendsTo !== null && <span>· sends the texts to {embedder.sendsTo}</span>}
    </p>
  )
}
