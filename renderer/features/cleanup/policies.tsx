import { useMutation, useQuery } from '@tanstack/react-query'
import { Ellipsis, FileUp } from 'lucide-react'
import { useState } from 'react'
import type { CleanupPolicy } from '../../../shared/contract/cleanup.ts'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { readPolicyFile, writePolicyFile } from '../../../shared/domain/cleanup/policy-file.ts'
import type { CleanupRule } from '../../../shared/domain/cleanup/rule.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatQuantity } from '../../lib/format.ts'
import { pickFile } from '../../lib/pick-file.ts'
import { saveFile } from '../../lib/save-file.ts'
import { toastError } from '../../lib/toast-error.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { toast } from '../../ui/toast.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { PolicyEditor } from './policy-editor.tsx'

interface PoliciesProps {
  readonly collection: CollectionRef
  readonly onPreview: (rules: readonly CleanupRule[]) => void
}

/** Saved policies: a click shows what one would do now; they are edited, kept as files for the command line, and read from files. */
export function Policies({ collection, onPreview }: PoliciesProps) {
  const client = useClient()
  const { data: policies = [] } = useQuery(client.query('cleanup.policies', collection))
  const { mutate: remove } = useMutation(client.mutation('cleanup.removePolicy'))
  const { mutate: save } = useMutation(client.mutation('cleanup.savePolicy'))
  const [edited, setEdited] = useState<CleanupPolicy | null>(null)

  const toFile = async ({ name, rules }: CleanupPolicy): Promise<void> => {
    const { summary } = await client.call('collections.detail', collection)
    const content = new Blob([writePolicyFile({ name, collection: summary.name, rules })], { type: 'application/json' })
    await saveFile(client, `${name.replaceAll(/[^\p{L}\p{N}]+/gu, '-')}.policy.json`, content)
  }
  const fromFile = async (): Promise<void> => {
    const file = await pickFile('.json,application/json')
    if (file === null) return
    const { name = file.name.replace(/(\.policy)?\.json$/i, ''), rules } = readPolicyFile(await file.text())
    const saved = name.trim().slice(0, 100) || 'Policy'
    save(
      { ...collection, name: saved, rules },
      {
        onSuccess: () => toast({ message: `Policy “${saved}” saved, with ${formatQuantity(rules.length, 'rule')}.` }),
        onError: toastError,
      },
    )
  }
  const removeOne = ({ id, name, rules }: CleanupPolicy): void =>
    remove(
      { ...collection, id },
      {
        onSuccess: () =>
          toast({
            message: `Policy “${name}” removed.`,
            action: { label: 'Undo', onSelect: () => save({ ...collection, name, rules }, { onError: toastError }) },
          }),
        onError: toastError,
      },
    )

  return (
    <>
      <div className="mt-4 flex items-center px-2 pb-0.5">
        <h2 className="flex-1 text-small text-ink-muted">Policies</h2>
        <IconButton
          size="small"
          label="Add a policy from a file…"
          icon={<FileUp aria-hidden="true" />}
          onClick={() => void fromFile().catch(toastError)}
        />
      </div>
      {policies.length === 0 ? (
        <p className="px-2 text-small text-ink-faint">A finding with its settings can be saved as one.</p>
      ) : (
        <ul aria-label="Policies">
          {policies.map((policy) => (
            <li key={policy.id} className="flex items-center">
              <button
                type="button"
                onClick={() => onPreview(policy.rules)}
                className="row-height flex w-full min-w-0 items-center gap-2 rounded-sm px-2 text-left text-body hover:bg-hover"
                title="Shows what it would do now"
              >
                <span className="min-w-0 flex-1 truncate">
                  <UntrustedText text={policy.name} limit={100} />
                </span>
                <span className="shrink-0 text-small text-ink-muted">{formatQuantity(policy.rules.length, 'rule')}</span>
              </button>
              <Menu
                align="end"
                trigger={<IconButton size="small" label={`More about ${policy.name}`} icon={<Ellipsis aria-hidden="true" />} />}
                entries={[
                  { label: 'Edit…', onSelect: () => setEdited(policy) },
                  { label: 'Save as a file…', onSelect: () => void toFile(policy).catch(toastError) },
                  { label: 'Remove policy', destructive: true, onSelect: () => removeOne(policy) },
                ]}
              />
            </li>
          ))}
        </ul>
      )}
      {edited !== null && <PolicyEditor collection={collection} policy={edited} onClose={() => setEdited(null)} />}
    </>
  )
}
