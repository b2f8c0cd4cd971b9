import { useQuery } from '@tanstack/react-query'
import { Pencil } from 'lucide-react'
import type { CollectionDetail } from '../../../shared/contract/collections.ts'
import { useClient } from '../../lib/client-context.tsx'
import { useEditing } from '../../lib/editing/use-editing.ts'
import { formatBytes, formatCount } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { Button } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Page } from '../../ui/page.tsx'
import { Section } from '../../ui/section.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { collectionMenu } from './collection-menu.tsx'
import { CollectionMetadataTable } from './collection-metadata-table.tsx'
import { FindingsList } from './findings-list.tsx'
import { IndexSection } from './index-section.tsx'
import { MetadataKeysTable } from './metadata-keys-table.tsx'
import { spaceWords } from './space-words.ts'

function Identity({ detail }: { detail: CollectionDetail }) {
  const { summary, records } = detail
  return (
    <Facts>
      <Fact name="Records">
        {summary.count === null ? null : formatCount(summary.count)}
        {records && summary.count !== null && summary.count > 0 && (
          <span className="text-ink-muted">
            {' '}
            · {records.withoutDocument === 0 ? 'all with a document' : `${formatCount(records.withoutDocument)} without a document`}
            {records.withUri > 0 && ` · ${formatCount(records.withUri)} with a URI`}
          </span>
        )}
      </Fact>
      <Fact name="Dimension">
        {summary.dimension === null ? 'not set until the first record is added' : formatCount(summary.dimension)}
      </Fact>
      <Fact name="Space">
        {summary.space} <span className="text-ink-muted">· {spaceWords[summary.space]}</span>
        <span className="block text-small text-ink-faint">from {detail.spaceSource}</span>
      </Fact>
      <Fact name="Embedding function">
        {detail.embeddingFunction === null ? (
          <span className="text-ink-muted">none recorded</span>
        ) : (
          <>
            {detail.embeddingFunction.name} <span className="text-ink-muted">· {detail.embeddingFunction.type}</span>
          </>
        )}
      </Fact>
      <Fact name="Index size">{summary.bytes === null ? null : formatBytes(summary.bytes)}</Fact>
      <Fact name="Tenant and database">
        {summary.tenant} <span className="text-ink-faint">/</span> {summary.database}
      </Fact>
      <Fact name="Id">
        <span className="flex items-center gap-1">
          <span className="numeric truncate">{summary.id}</span>
          <CopyButton text={summary.id} label="Copy the collection's id" className="-my-1" />
        </span>
      </Fact>
    </Facts>
  )
}

function Configuration({ detail }: { detail: CollectionDetail }) {
  const parts = [
    { title: 'Configuration', text: detail.configuration },
    { title: 'Schema', text: detail.schema },
    { title: 'Embedding function configuration', text: detail.embeddingFunction?.configuration ?? null },
  ]
  const stored = parts.filter((part) => part.text !== null)
  return (
    <Section title="Configuration" note={stored.length === 0 ? undefined : 'as stored'}>
      {stored.length === 0 && (
        <p className="text-ink-muted">The store keeps no configuration for this collection; Chroma then uses its defaults.</p>
      )}
      {stored.map((part) => (
        <Disclosure key={part.title} title={part.title}>
          <CodeBlock label={part.title} text={part.text ?? ''} />
        </Disclosure>
      ))}
    </Section>
  )
}

/** What is known about one collection apart from its records. */
export function CollectionOverviewPage({ connectionId, collectionId }: { connectionId: string; collectionId: string }) {
  const client = useClient()
  const detail = useQuery(client.query('collections.detail', { connectionId, collectionId }))
  const keys = useQuery(client.query('collections.keys', { connectionId, collectionId }))
  const { data: status } = useQuery(client.query('connections.status', { connectionId }))
  const { ask } = useEditing(connectionId)
  const findings = status?.findings.filter((finding) => finding.collectionId === collectionId) ?? []

  if (detail.isLoadingError) return <QueryError error={detail.error} onRetry={() => void detail.refetch()} retrying={detail.isFetching} />
  return (
    <Page>
      {findings.length > 0 && (
        <Section title="Findings" note={String(findings.length)}>
          <FindingsList findings={findings} />
        </Section>
      )}
      <div className="grid gap-x-12 gap-y-8 lg:grid-cols-2" aria-busy={detail.isPending}>
        <Section
          title="Collection"
          action={
            <Menu
              align="end"
              trigger={
                <Button size="small" icon={<Pencil aria-hidden="true" />}>
                  Change
                </Button>
              }
              entries={collectionMenu({ connectionId, collectionId }, ask)}
            />
          }
        >
          {detail.data ? <Identity detail={detail.data} /> : <SkeletonLines count={7} />}
        </Section>
        {detail.data ? (
          <IndexSection detail={detail.data} />
        ) : (
          <Section title="Index and queue">
            <SkeletonLines count={7} />
          </Section>
        )}
      </div>
      <Section title="Metadata keys" note={keys.data ? formatCount(keys.data.length) : undefined}>
        {keys.isLoadingError ? (
          <QueryError error={keys.error} onRetry={() => void keys.refetch()} retrying={keys.isFetching} />
        ) : keys.isPending ? (
          <SkeletonLines count={5} />
        ) : (
          <MetadataKeysTable keys={keys.data} records={detail.data?.summary.count ?? null} />
        )}
      </Section>
      {detail.data?.metadata && detail.data.metadata.size > 0 && (
        <Section title="Metadata of the collection itself" note={String(detail.data.metadata.size)}>
          <CollectionMetadataTable metadata={detail.data.metadata} />
        </Section>
      )}
      {detail.data && <Configuration detail={detail.data} />}
    </Page>
  )
}
