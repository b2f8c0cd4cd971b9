import { useMutation } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useState } from 'react'
import type { CleanupPolicy } from '../../../shared/contract/cleanup.ts'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { ruleSentence, ruleTitle } from '../../../shared/domain/cleanup/rule-words.ts'
import { cleanupRuleSchema, effectOf, usualRules, type CleanupRule } from '../../../shared/domain/cleanup/rule.ts'
import { usualQuota } from '../../lib/cleanup-search.ts'
import { useClient } from '../../lib/client-context.tsx'
import { toastError } from '../../lib/toast-error.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { RuleFields } from './rule-fields.tsx'

interface PolicyEditorProps {
  readonly collection: CollectionRef
  readonly policy: CleanupPolicy
  readonly onClose: () => void
}

/** Rules that do something, with their usual settings, in the order in which they should run. */
const everyRule = [...usualRules, cleanupRuleSchema.parse({ rule: 'quota', most: usualQuota })].filter(
  ({ rule }) => effectOf(rule) !== 'look',
)

/** The name and the rules of a policy, to be changed. */
export function PolicyEditor({ collection, policy, onClose }: PolicyEditorProps) {
  const client = useClient()
  const [name, setName] = useState(policy.name)
  const [rules, setRules] = useState<readonly CleanupRule[]>(policy.rules)
  const save = useMutation(client.mutation('cleanup.savePolicy'))
  const { mutate: remove } = useMutation(client.mutation('cleanup.removePolicy'))
  const free = everyRule.filter(({ rule }) => !rules.some((other) => other.rule === rule))
  const change = (place: number, rule: CleanupRule | null): void =>
    setRules(rules.flatMap((other, at) => (at === place ? (rule ?? []) : other)))
  const keep = (): void =>
    save.mutate(
      { ...collection, name: name.trim(), rules: [...rules] },
      {
        onSuccess: ({ id }) => {
          // Under another name it is another policy, so the former one goes.
          if (id !== policy.id) remove({ ...collection, id: policy.id }, { onError: toastError })
          onClose()
        },
        onError: toastError,
      },
    )
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Edit the policy"
      description="Its rules run in this order; a record counts for the first rule that finds it."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={save.isPending} disabled={name.trim() === '' || rules.length === 0} onClick={keep}>
            Save policy
          </Button>
        </>
      }
    >
      <DialogBody className="flex flex-col gap-4">
        <Field label="Name">
          <TextInput value={name} onValueChange={setName} maxLength={100} />
        </Field>
        <ol aria-label="Rules" className="flex flex-col rounded-md border border-line">
          {rules.map((rule, place) => (
            <li key={rule.rule} aria-label={ruleTitle(rule.rule)} className="flex gap-2 border-t border-line px-3 py-2 first:border-t-0">
              <div className="flex min-w-0 flex-1 flex-col gap-1.5">
                <p className="text-ink">{ruleSentence(rule)}</p>
                <div className="flex flex-wrap items-center gap-x-5 gap-y-2 empty:hidden">
                  <RuleFields rule={rule} onRule={(next) => change(place, next)} />
                </div>
              </div>
              <IconButton
                size="small"
                label={`Remove ${ruleTitle(rule.rule)}`}
                icon={<X aria-hidden="true" />}
                onClick={() => change(place, null)}
              />
            </li>
          ))}
          {rules.length === 0 && <li className="px-3 py-2 text-ink-muted">A policy needs a rule.</li>}
        </ol>
        {free.length > 0 && (
          <Menu
            trigger={
              <Button size="small" className="self-start">
                Add a rule
              </Button>
            }
            entries={free.map((rule) => ({ label: ruleTitle(rule.rule), onSelect: () => setRules([...rules, rule]) }))}
          />
        )}
      </DialogBody>
    </Dialog>
  )
}
