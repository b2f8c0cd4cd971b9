import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { VectorSummary } from '../../../shared/contract/records.ts'
import { useClient } from '../../lib/client-context.tsx'
import { describeError } from '../../lib/describe-error.ts'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { sparklinePath } from './sparkline-path.ts'

const width = 320
const height = 40
const sources = { index: 'the HNSW index', queue: 'the write-ahead queue', server: 'the server' }

/** Four decimals, or an exponent where those would be zeros. */
function number(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  return value === 0 || Math.abs(value) >= 0.001 ? value.toFixed(4) : value.toExponential(2)
}

function listOf(values: Float32Array): string {
  return `[${Array.from(values, (value) => String(value)).join(', ')}]`
}

function Sparkline({ vector }: { vector: VectorSummary }) {
  const path = useMemo(() => sparklinePath(vector.values, width, height), [vector])
  return (
    <svg
      role="img"
      aria-label={`The ${formatCount(vector.dimension)} numbers of the vector, from ${number(vector.min)} to ${number(vector.max)}`}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className="h-10 w-full rounded-md border border-line bg-sunken"
    >
      <path d={path} fill="none" stroke="var(--accent)" strokeWidth={1} vectorEffect="non-scaling-stroke" />
    </svg>
  )
}

function Numbers({ values }: { values: Float32Array }) {
  const text = useMemo(() => listOf(values), [values])
  return (
    <div className="relative">
      <CopyButton text={text} label="Copy the numbers" className="absolute top-1 right-1 bg-raised" />
      <pre className="numeric max-h-48 overflow-y-auto rounded-md border border-line bg-sunken p-2 pr-8 whitespace-pre-wrap text-ink-muted">
        {text}
      </pre>
    </div>
  )
}

/** What a record's vector is like; its numbers only when asked for. */
export function VectorSection({ collection, id }: { collection: CollectionRef; id: string }) {
  const client = useClient()
  const [showsNumbers, setShowsNumbers] = useState(false)
  const { data, error } = useQuery(client.query('records.vector', { ...collection, id }))
  if (error !== null) {
    const { message, remedy } = describeError(error)
    return (
      <p className="text-body text-ink-muted">
        {message} {remedy}
      </p>
    )
  }
  if (data === undefined) return <Skeleton className="h-10 w-full" />
  if (data.vector === null) return <p className="text-body text-ink-muted">{data.reason ?? 'This record has no vector.'}</p>
  const { vector } = data
  const notable = [
    ...(vector.zeros === vector.dimension ? ['Every number is zero, so no query finds this record by meaning.'] : []),
    ...(vector.nonFinite > 0 ? [`${formatQuantity(vector.nonFinite, 'number is', 'numbers are')} not finite.`] : []),
  ]
  return (
    <div className="flex flex-col gap-2">
      <Sparkline vector={vector} />
      <Facts>
        <Fact name="Dimension">
          <span className="numeric">{formatCount(vector.dimension)}</span>
        </Fact>
        <Fact name="Norm">
          <span className="numeric">{number(vector.norm)}</span>
        </Fact>
        <Fact name="Min, mean, max">
          <span className="numeric">
            {number(vector.min)}, {number(vector.mean)}, {number(vector.max)}
          </span>
        </Fact>
        <Fact name="Read from">{sources[vector.source]}</Fact>
      </Facts>
      {notable.map((sentence) => (
        <p key={sentence} className="text-body text-ink">
          {sentence}
        </p>
      ))}
      {showsNumbers && <Numbers values={vector.values} />}
      <Button size="small" variant="ghost" onClick={() => setShowsNumbers(!showsNumbers)} className="-ml-2 self-start">
        {showsNumbers ? 'Hide the numbers' : `Show the ${formatQuantity(vector.dimension, 'number')}`}
      </Button>
    </div>
  )
}
