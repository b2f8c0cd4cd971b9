import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { ruleSentence, ruleTitle } from '../../../shared/domain/cleanup/rule-words.ts'
import type { CleanupRule } from '../../../shared/domain/cleanup/rule.ts'
import { useClient } from '../../lib/client-context.tsx'
import { toastError } from '../../lib/toast-error.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { useQuery } from '@tanstack/react-query'

interface PolicyDialogProps {
  readonly collection: CollectionRef
  readonly rule: CleanupRule
  readonly onClose: () => void
}

/** Saves a rule with its settings under a name, alone or with those of a policy that has the name. */
export function PolicyDialog({ collection, rule, onClose }: PolicyDialogProps) {
  const client = useClient()
  const [name, setName] = useState(ruleTitle(rule.rule))
  const { data: policies } = useQuery(client.query('cleanup.policies', collection))
  const save = useMutation(client.mutation('cleanup.savePolicy'))
  const known = policies?.find((policy) => policy.name === name.trim())
  const others = known?.rules.filter((other) => other.rule !== rule.rule) ?? []
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="small"
      title="Save as a policy"
      description="A policy runs again as a preview with one click, or from the command line."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            busy={save.isPending}
            disabled={name.trim() === '' || policies === undefined}
            onClick={() =>
              save.mutate({ ...collection, name: name.trim(), rules: [...others, rule] }, { onSuccess: onClose, onError: toastError })
            }
          >
            {known === undefined ? 'Save policy' : 'Add to the policy'}
          </Button>
        </>
      }
    >
      <DialogBody className="flex flex-col gap-3">
        <TextInput aria-label="Name of the policy" value={name} onValueChange={setName} maxLength={100} />
        <ul className="flex flex-col gap-1 text-body text-ink-muted">
          {[...others, rule].map((one) => (
            <li key={one.rule}>{ruleSentence(one)}</li>
          ))}
        </ul>
      </DialogBody>
    </Dialog>
  )
}
