import { useQuery } from '@tanstack/react-query'
import { Sparkles, UserRoundCheck } from 'lucide-react'
import { useState } from 'react'
import type { CollectionRef, MetadataKey } from '../../../shared/contract/collections.ts'
import { useClient } from '../../lib/client-context.tsx'
import { describeError } from '../../lib/describe-error.ts'
import { Button } from '../../ui/button.tsx'
import { Popover } from '../../ui/popover.tsx'
import { ProfileEditor } from './profile-editor.tsx'

interface ProfileBadgeProps {
  readonly collection: CollectionRef
  readonly keys: readonly MetadataKey[]
}

function percent(confidence: number): string {
  return `${Math.round(confidence * 100)}%`
}

/** What the collection's records were taken for, how sure that is and why, and the way to correct it. */
export function ProfileBadge({ collection, keys }: ProfileBadgeProps) {
  const client = useClient()
  const { data, error } = useQuery(client.query('profiles.get', collection))
  const [isOpen, setIsOpen] = useState(false)
  const [isEditing, setIsEditing] = useState(false)
  if (error !== null) {
    return (
      <Popover label="Profile" align="end" className="w-80" trigger={<Button variant="ghost">Profile not known</Button>}>
        <p className="text-body">{describeError(error).message}</p>
        <p className="text-body text-ink-muted">{describeError(error).remedy}</p>
      </Popover>
    )
  }
  if (data === undefined) return null
  const { match, mapping, corrected } = data
  const isUnknown = match.mapping.kind === 'unknown' && !corrected
  const label = corrected
    ? 'Own mapping'
    : isUnknown
      ? 'No known profile'
      : `${match.title.split(':')[0]} · ${percent(match.confidence)} sure`

  return (
    <>
      <Popover
        label="Profile"
        align="end"
        open={isOpen}
        onOpenChange={setIsOpen}
        className="flex w-80 flex-col gap-2"
        trigger={
          <Button
            variant="ghost"
            size="medium"
            className="min-w-0 shrink!"
            icon={corrected ? <UserRoundCheck aria-hidden="true" /> : <Sparkles aria-hidden="true" />}
          >
            {label}
          </Button>
        }
      >
        <p className="text-body font-strong">{isUnknown ? 'The layout of these records is not known' : match.title}</p>
        {corrected && (
          <p className="text-body text-ink-muted">
            The mapping in force is your own. Recognised was: {match.title}, {percent(match.confidence)} sure.
          </p>
        )}
        {match.reasons.length > 0 && (
          <ul className="flex list-disc flex-col gap-0.5 pl-4 text-body text-ink-muted">
            {match.reasons.map((reason) => (
              <li key={reason} className="wrap-anywhere">
                {reason}
              </li>
            ))}
          </ul>
        )}
        <Button
          size="small"
          className="self-start"
          onClick={() => {
            setIsOpen(false)
            setIsEditing(true)
          }}
        >
          {isUnknown ? 'Say what the fields mean…' : 'Correct the mapping…'}
        </Button>
      </Popover>
      {isEditing && (
        <ProfileEditor collection={collection} keys={keys} mapping={mapping} isCorrected={corrected} onClose={() => setIsEditing(false)} />
      )}
    </>
  )
}
