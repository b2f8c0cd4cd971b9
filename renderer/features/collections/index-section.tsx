import type { CollectionDetail } from '../../../shared/contract/collections.ts'
import { formatBytes, formatCount, formatQuantity } from '../../lib/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { Section } from '../../ui/section.tsx'

const states = {
  persisted: 'On disk: the vectors are in the index folder.',
  'queue-only': 'Not written yet: all vectors are still in the write-ahead queue, as Chroma keeps small collections.',
  empty: 'Empty: the collection has no vectors.',
  damaged: 'Damaged: some or all index files cannot be read.',
  remote: 'Kept by the server.',
}

/** State of a collection's vector index and of the write-ahead queue before it. */
export function IndexSection({ detail: { index, queue } }: { detail: CollectionDetail }) {
  return (
    <Section title="Index and queue">
      <Facts>
        <Fact name="State">{states[index.state]}</Fact>
        {index.folder !== null && (
          <Fact name="Folder">
            <span className="numeric">{index.folder}</span>
            {index.bytes !== null && <span className="block text-small text-ink-faint">{formatBytes(index.bytes)} in its files</span>}
          </Fact>
        )}
        {index.elements !== null && (
          <Fact name="Elements">
            {formatCount(index.elements)}
            {index.capacity !== null && <span className="text-ink-muted"> of {formatCount(index.capacity)} slots</span>}
            {index.deletedElements !== null && index.deletedElements > 0 && (
              <span className="text-ink-muted"> · {formatCount(index.deletedElements)} deleted</span>
            )}
          </Fact>
        )}
        {queue !== null && (
          <Fact name="Queue">
            {formatQuantity(queue.operations, 'operation')}
            <span className="text-ink-muted"> · {formatBytes(queue.bytes)}</span>
            <span className="block text-small text-ink-faint">
              {queue.notInIndex === 0 ? 'the index has taken in all of them' : `${formatCount(queue.notInIndex)} not in the index yet`}
            </span>
          </Fact>
        )}
        {index.parameters.length > 0 && (
          <Fact name="Parameters">
            <ul className="flex flex-wrap gap-1 pt-px">
              {index.parameters.map((parameter) => (
                <li key={parameter.name}>
                  <Badge tone="outline">
                    {parameter.name}
                    <span className="numeric text-ink">{parameter.value}</span>
                  </Badge>
                </li>
              ))}
            </ul>
          </Fact>
        )}
      </Facts>
    </Section>
  )
}
