import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { CollectionRef, MetadataKey } from '../../../shared/contract/collections.ts'
import { profileMappingSchema, type ProfileMapping } from '../../../shared/domain/profiles/profile.ts'
import { roleName, rolesInOrder } from '../../../shared/domain/profiles/role-names.ts'
import { useClient } from '../../lib/client-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Select } from '../../ui/select.tsx'
import { fieldId, fieldOptions, rolesFor, withField } from './field-options.ts'

interface ProfileEditorProps {
  readonly collection: CollectionRef
  readonly keys: readonly MetadataKey[]
  readonly mapping: ProfileMapping
  readonly isCorrected: boolean
  readonly onClose: () => void
}

const kinds: { value: ProfileMapping['kind']; label: string; hint: string }[] = [
  { value: 'cache', label: 'Semantic cache', hint: 'queries with answers' },
  { value: 'memory', label: 'Conversation memory', hint: 'turns and episodes' },
  { value: 'facts', label: 'Facts', hint: 'single statements' },
  { value: 'chunks', label: 'Document chunks', hint: 'parts of sources' },
  { value: 'unknown', label: 'Something else', hint: '' },
]

/** Lets the person say which field of a record means what. Kept in the app's settings; the store is not changed. */
export function ProfileEditor({ collection, keys, mapping, isCorrected, onClose }: ProfileEditorProps) {
  const client = useClient()
  const [draft, setDraft] = useState(mapping)
  const [showsAll, setShowsAll] = useState(false)
  const save = useMutation({ ...client.mutation('profiles.set'), onSettled: (_data, error) => error === null && onClose() })
  const options = fieldOptions(keys, mapping)
  const roles = showsAll ? rolesInOrder : rolesFor(draft)
  const set = (next: ProfileMapping | null) =>
    save.mutate({ ...collection, mapping: next === null ? null : profileMappingSchema.parse(next) })

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="What the fields mean"
      description="Columns and the record view follow this. It is kept in Mnemoscope’s settings; the store is not changed."
      footer={
        <>
          {isCorrected && (
            <Button variant="ghost" onClick={() => set(null)} busy={save.isPending} className="mr-auto">
              Go back to what was recognised
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" onClick={() => set(draft)} busy={save.isPending}>
            Save mapping
          </Button>
        </>
      }
    >
      <DialogBody className="flex flex-col gap-3">
        <div className="grid grid-cols-[9rem_minmax(0,1fr)] items-center gap-x-3 gap-y-1.5">
          <span className="text-body text-ink-muted">Records are</span>
          <Select label="Records are" value={draft.kind} onValueChange={(kind) => setDraft({ ...draft, kind })} options={kinds} />
          <hr className="col-span-2 my-1 border-line" />
          {roles.map((role) => (
            <div key={role} className="contents">
              <span className={draft.fields[role] === undefined ? 'text-body text-ink-muted' : 'text-body text-ink'}>{roleName(role)}</span>
              <Select
                label={roleName(role)}
                value={fieldId(draft.fields[role])}
                onValueChange={(id) => setDraft(withField(draft, role, options.find((option) => option.id === id)?.field))}
                options={options.map(({ id, label, hint }) => ({ value: id, label, hint }))}
                className={draft.fields[role] === undefined ? 'text-ink-faint' : undefined}
              />
            </div>
          ))}
        </div>
        {!showsAll && roles.length < rolesInOrder.length && (
          <Button size="small" variant="ghost" onClick={() => setShowsAll(true)} className="self-start">
            More meanings
          </Button>
        )}
      </DialogBody>
    </Dialog>
  )
}
