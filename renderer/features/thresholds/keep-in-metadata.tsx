import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { formatMetadataValue } from '../../../shared/domain/metadata.ts'
import { useClient } from '../../lib/client-context.tsx'
import { ChangeProgress } from '../../lib/editing/change-progress.tsx'
import { useChange } from '../../lib/editing/use-change.ts'
import { useEditing } from '../../lib/editing/use-editing.ts'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/section.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { formatThreshold } from './threshold-words.ts'

/** Keeps the threshold in the metadata of the collection, where programs that read the store find it. */
export function KeepInMetadata({ collection, threshold }: { collection: CollectionRef; threshold: number }) {
  const client = useClient()
  const { data: detail } = useQuery(client.query('collections.detail', collection))
  const { whenEditing } = useEditing(collection.connectionId)
  const change = useChange('curation.modifyCollection')
  const [key, setKey] = useState('similarity_threshold')
  const stored = detail?.metadata?.get(key)
  const problem =
    key.trim() === '' ? 'A key is needed.' : key.startsWith('chroma:') ? 'Chroma keeps keys that begin with chroma: to itself.' : null
  const write = (): void =>
    change.run({
      connectionId: collection.connectionId,
      input: { ...collection, metadata: new Map([...(detail?.metadata ?? []), [key, threshold]]) },
      message: `${key} is ${formatThreshold(threshold)}.`,
      onDone: () => undefined,
    })
  return (
    <Section title="In the collection’s metadata" note="A change of the store, kept in History, that can be undone.">
      <div className="flex flex-wrap items-center gap-2">
        <TextInput size="small" aria-label="Metadata key of the threshold" value={key} onValueChange={setKey} className="numeric w-56" />
        <Button
          disabled={problem !== null || detail === undefined || change.isRunning || stored === threshold}
          onClick={() => whenEditing(collection.connectionId, write)}
        >
          Write {formatThreshold(threshold)}
        </Button>
        <span className="text-small text-ink-muted" role="status">
          {problem ?? (stored === undefined ? 'There is no such key yet.' : `It is ${formatMetadataValue(stored)} now.`)}
        </span>
      </div>
      <ChangeProgress change={change} />
    </Section>
  )
}
