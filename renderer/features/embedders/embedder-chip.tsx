import { useMutation, useQuery } from '@tanstack/react-query'
import { Cpu, Globe, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { EmbedderInfo, Parity } from '../../../shared/contract/embedders.ts'
import { collectionSubject } from '../../../shared/contract/jobs.ts'
import { useClient } from '../../lib/client-context.tsx'
import { describeError } from '../../lib/describe-error.ts'
import { formatRelativeTime, formatTime } from '../../lib/format.ts'
import { useOverlay } from '../../lib/overlay.ts'
import { useCancellableMutation } from '../../lib/use-cancellable-mutation.ts'
import { useNow } from '../../lib/use-now.ts'
import { WorkProgress } from '../../lib/work-progress.tsx'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { Popover } from '../../ui/popover.tsx'
import { Select } from '../../ui/select.tsx'
import { ParityVerdict } from '../../lib/parity-verdict.tsx'

const asCollection = 'as-collection'

function ParitySection({ collection, embedder, parity }: { collection: CollectionRef; embedder: EmbedderInfo; parity: Parity | null }) {
  const now = useNow()
  const check = useCancellableMutation('embedders.checkParity')
  const failure = check.error === null ? null : describeError(check.error)
  return (
    <div className="flex flex-col items-start gap-1.5 border-t border-line pt-2.5">
      <div className="flex w-full items-center gap-2">
        <h3 className="flex-1 text-small font-strong text-ink-muted">Parity with the stored vectors</h3>
        {parity !== null && <ParityVerdict parity={parity} />}
      </div>
      <p className="text-ink">
        {parity?.message ?? 'Embeds 20 stored texts again and compares the vectors, to see whether this embedder made them.'}
      </p>
      {parity !== null && (
        <p className="text-small text-ink-faint" title={formatTime(parity.checkedAt)}>
          Checked {formatRelativeTime(parity.checkedAt, now)}
        </p>
      )}
      {embedder.sendsTo !== null && (
        <p className="text-small text-ink-muted">The check sends up to 20 stored texts to {embedder.sendsTo}.</p>
      )}
      <Button size="small" busy={check.isPending} onClick={() => check.mutate({ ...collection, embedderId: embedder.id })}>
        {embedder.sendsTo === null ? 'Check parity' : `Send texts to ${embedder.sendsTo} and check parity`}
      </Button>
      {check.isPending && (
        <div className="-mx-3 self-stretch">
          <WorkProgress method="embedders.checkParity" subject={collectionSubject(collection)} onCancel={check.cancel} />
        </div>
      )}
      {failure && (
        <Callout severity="error" title={failure.message} className="w-full">
          {failure.remedy}
        </Callout>
      )}
    </div>
  )
}

/** Which embedder turns texts into vectors for a collection, why, whether it fits, and another one. */
export function EmbedderChip({ collection, dimension }: { collection: CollectionRef; dimension: number | null }) {
  const client = useClient()
  const show = useOverlay((store) => store.show)
  const [isOpen, setIsOpen] = useState(false)
  const choice = useQuery(client.query('embedders.choice', collection))
  const list = useQuery({ ...client.query('embedders.list', { dimension }), enabled: isOpen })
  const embedder = choice.data?.embedder ?? null
  const parity = useQuery({
    ...client.query('embedders.parity', { ...collection, embedderId: embedder?.id ?? '' }),
    enabled: embedder !== null,
  })
  const choose = useMutation(client.mutation('embedders.choose'))
  if (choice.error !== null) {
    const { message, remedy } = describeError(choice.error)
    return (
      <span className="text-small text-wrong" title={remedy ?? undefined}>
        {message}
      </span>
    )
  }
  if (choice.data === undefined) return null
  const { reason, problem, chosenByPerson, suggestion } = choice.data
  const openSettings = () => {
    setIsOpen(false)
    show('settings')
  }
  return (
    <Popover
      label="Embedder"
      align="end"
      className="w-104 max-w-[90vw]"
      open={isOpen}
      onOpenChange={setIsOpen}
      trigger={
        <Button
          variant="ghost"
          icon={
            problem !== null || embedder === null ? (
              <TriangleAlert aria-hidden="true" />
            ) : embedder.sendsTo === null ? (
              <Cpu aria-hidden="true" />
            ) : (
              <Globe aria-hidden="true" />
            )
          }
        >
          <span className="inline-flex items-center gap-1.5">
            <span className="sr-only">Embedder: </span>
            {embedder?.title ?? 'No embedder'}
            {parity.data && <ParityVerdict parity={parity.data} />}
          </span>
        </Button>
      }
    >
      <div className="flex flex-col gap-2.5">
        <Select
          label="Embedder of this collection"
          value={chosenByPerson && embedder !== null ? embedder.id : asCollection}
          onValueChange={(next) => choose.mutate({ ...collection, embedderId: next === asCollection ? null : next })}
          options={[
            { value: asCollection, label: 'As the collection says', hint: chosenByPerson ? undefined : embedder?.title },
            ...(list.data ?? (embedder === null ? [] : [embedder])).map((each) => ({
              value: each.id,
              label: each.title,
              hint: each.dimension === null ? undefined : `${each.dimension}-d`,
            })),
          ]}
        />
        {problem !== null && <Callout severity="warning" title={problem} />}
        <p className="text-ink">{reason}</p>
        {embedder !== null && <p className="text-ink-muted">{embedder.description}</p>}
        {embedder?.needs && <Callout severity="warning" title={embedder.needs} />}
        {embedder !== null && (
          <p className="text-small text-ink-muted">
            {embedder.sendsTo === null ? 'Texts stay on this computer.' : `Texts of queries are sent to ${embedder.sendsTo}.`}
          </p>
        )}
        {suggestion !== null && (
          <p className="text-small text-ink-muted">
            The collection seems to ask for <span className="text-ink">{suggestion.title}</span>, which is not set up.
          </p>
        )}
        {embedder !== null && <ParitySection collection={collection} embedder={embedder} parity={parity.data ?? null} />}
        <Button size="small" variant="ghost" onClick={openSettings} className="self-start">
          Set up embedders…
        </Button>
      </div>
    </Popover>
  )
}
