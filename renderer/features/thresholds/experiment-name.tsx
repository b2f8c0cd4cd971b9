import { useMutation } from '@tanstack/react-query'
import { Pencil } from 'lucide-react'
import { useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { Experiment } from '../../../shared/domain/thresholds/experiment.ts'
import { useClient } from '../../lib/client-context.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'

/** The name of an experiment, which can be changed in place: Enter keeps it, Escape does not. */
export function ExperimentName({ collection, experiment }: { collection: CollectionRef; experiment: Experiment }) {
  const client = useClient()
  const [draft, setDraft] = useState<string | null>(null)
  const rename = useMutation(client.mutation('thresholds.renameExperiment'))
  const keep = (): void => {
    const name = draft?.trim() ?? ''
    if (name !== '' && name !== experiment.name) rename.mutate({ ...collection, experimentId: experiment.id, name })
    setDraft(null)
  }
  if (draft === null) {
    return (
      <span className="flex items-center gap-1">
        <span className="truncate">
          <UntrustedText text={experiment.name} limit={120} />
        </span>
        <IconButton
          size="small"
          label={`Rename the experiment ${experiment.name}`}
          icon={<Pencil aria-hidden="true" />}
          onClick={() => setDraft(experiment.name)}
        />
      </span>
    )
  }
  return (
    <TextInput
      size="small"
      aria-label="New name"
      maxLength={200}
      value={draft}
      onValueChange={setDraft}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === 'Enter') keep()
        if (event.key === 'Escape') setDraft(null)
      }}
      ref={(input) => input?.focus()}
    />
  )
}
