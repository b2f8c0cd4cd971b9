import { useMutation } from '@tanstack/react-query'
import { Eraser, PencilLine, RefreshCw, Ruler, Shuffle } from 'lucide-react'
import type { ReactElement } from 'react'
import type { FindingSummary } from '../../../shared/contract/cleanup.ts'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { CleanupRuleName } from '../../../shared/domain/cleanup/rule.ts'
import { useClient } from '../../lib/client-context.tsx'
import type { BulkProposal } from '../../lib/editing/change-dialogs.ts'
import { idsScope } from '../../lib/editing/named-scopes.ts'
import { useEditing } from '../../lib/editing/use-editing.ts'
import { formatQuantity } from '../../lib/format.ts'
import { toastError } from '../../lib/toast-error.ts'
import { Button } from '../../ui/button.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'

interface FindingFixesProps {
  readonly collection: CollectionRef
  readonly finding: FindingSummary
}

interface Fix {
  readonly label: string
  readonly icon: ReactElement
  readonly proposal: BulkProposal
}

type KeyMatter = FindingSummary['keys'][number]

const embedAgain: Fix = { label: 'Embed again…', icon: <RefreshCw aria-hidden="true" />, proposal: { kind: 'embed' } }
const normalise: Fix = { label: 'Normalise…', icon: <Ruler aria-hidden="true" />, proposal: { kind: 'normalise' } }

/** What can be done about the vectors that a rule found, beside removing their records. */
const vectorFixes: Partial<Record<CleanupRuleName, readonly Fix[]>> = {
  'wrong-norm': [normalise, embedAgain],
  'same-vectors': [embedAgain],
  'zero-vectors': [embedAgain],
  'broken-vectors': [embedAgain],
}

/** Which records are meant, after "Records where". */
const conditions: Partial<Record<CleanupRuleName, string>> = {
  'wrong-norm': 'the norm of the vector is not 1',
  'same-vectors': 'several texts share one vector',
  'zero-vectors': 'all numbers of the vector are zero',
  'broken-vectors': 'the vector holds a number that is not finite',
}

function conditionOf(rule: CleanupRuleName, matter: KeyMatter | null): string | null {
  if (matter === null) return conditions[rule] ?? null
  return rule === 'missing-keys' ? `“${matter.key}” is missing` : `“${matter.key}” is not ${matter.type}`
}

function setFix({ key, type }: KeyMatter): Fix {
  const proposal: BulkProposal = { kind: 'set', key, type: type === 'empty[]' ? 'string[]' : type, text: type === 'boolean' ? 'true' : '' }
  return { label: 'Set a value…', icon: <PencilLine aria-hidden="true" />, proposal }
}

function keyFixes(rule: CleanupRuleName, matter: KeyMatter): readonly Fix[] {
  const { key, type } = matter
  if (rule === 'missing-keys') return [setFix(matter)]
  const isScalar = type === 'string' || type === 'integer' || type === 'float' || type === 'boolean'
  const convert: Fix = {
    label: `Convert to ${type}…`,
    icon: <Shuffle aria-hidden="true" />,
    proposal: isScalar ? { kind: 'convert', key, convertTo: type } : { kind: 'convert', key },
  }
  const remove: Fix = { label: 'Remove the key…', icon: <Eraser aria-hidden="true" />, proposal: { kind: 'remove', key } }
  return [...(isScalar ? [convert] : []), setFix(matter), remove]
}

/** Ways to mend what a rule found: each opens the dialog of bulk changes, with its preview, for the records that are meant. */
export function FindingFixes({ collection, finding }: FindingFixesProps) {
  const client = useClient()
  const { ask } = useEditing(collection.connectionId)
  const { rule, keys } = finding
  const { mutate: begin, isPending } = useMutation({
    mutationFn: async ({ proposal, matter }: { proposal: BulkProposal; matter: KeyMatter | null }) => ({
      proposal,
      matter,
      ids: await client.call('cleanup.ids', { ...collection, rule, key: matter?.key ?? null }),
    }),
    onSuccess: ({ proposal, matter, ids }) => {
      const records = { ...idsScope(ids, formatQuantity(ids.length, 'record')), rule: conditionOf(rule.rule, matter) }
      ask({ kind: 'bulk', collection, records, proposal })
    },
    onError: toastError,
  })
  const buttons = (fixes: readonly Fix[], matter: KeyMatter | null): ReactElement[] =>
    fixes.map(({ label, icon, proposal }) => (
      <Button key={label} size="small" icon={icon} disabled={isPending} onClick={() => begin({ proposal, matter })}>
        {label}
      </Button>
    ))
  const ofVectors = vectorFixes[rule.rule]
  if (finding.records === 0) return null
  if (ofVectors !== undefined) return <div className="flex flex-wrap gap-2">{buttons(ofVectors, null)}</div>
  if (keys.length === 0) return null
  return (
    <ul aria-label="Keys" className="flex max-h-40 flex-col overflow-y-auto rounded-md border border-line">
      {keys.map((matter) => (
        <li key={matter.key} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line px-3 py-1.5 first:border-t-0">
          <span className="min-w-0 flex-1 truncate text-body text-ink">
            <UntrustedText text={matter.key} limit={100} className="numeric" />
            <span className="ml-2 text-small text-ink-muted">
              {rule.rule === 'missing-keys'
                ? `not in ${formatQuantity(matter.records, 'record')}; elsewhere ${matter.type}`
                : `not ${matter.type} in ${formatQuantity(matter.records, 'record')}`}
            </span>
          </span>
          <span className="flex flex-wrap gap-2">{buttons(keyFixes(rule.rule, matter), matter)}</span>
        </li>
      ))}
    </ul>
  )
}
