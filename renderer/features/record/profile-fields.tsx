import type { MetadataValue } from '../../../shared/domain/metadata.ts'
import { formatMetadataValue, formatScalar } from '../../../shared/domain/metadata.ts'
import { ttlMilliseconds } from '../../../shared/domain/lookup-entry.ts'
import type { Field, ProfileMapping, Role } from '../../../shared/domain/profiles/profile.ts'
import { readRole } from '../../../shared/domain/profiles/read-role.ts'
import { readingRoles, roleName, rolesInOrder, timeRoles } from '../../../shared/domain/profiles/role-names.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'
import { readTime } from '../../../shared/domain/time.ts'
import { formatDuration, formatRelativeTime, formatTime } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { Badge } from '../../ui/badge.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { documentModes } from './document-kind.ts'
import { DocumentText } from './document-text.tsx'

interface ProfileFieldsProps {
  readonly record: StoredRecord
  readonly mapping: ProfileMapping
}

interface RoleValue {
  readonly role: Role
  readonly value: MetadataValue
}

/** Values of the roles that a mapping names and the record has. */
function roleValues(record: StoredRecord, mapping: ProfileMapping): RoleValue[] {
  return rolesInOrder.flatMap((role) => {
    const value = readRole(mapping, role, record)
    return value === null ? [] : [{ role, value }]
  })
}

/** True where a mapping already shows the whole document among its texts. */
export function showsDocument(record: StoredRecord, mapping: ProfileMapping): boolean {
  return rolesInOrder.some((role) => readingRoles.has(role) && mapping.fields[role]?.from === 'document') && record.document !== null
}

function TextBlock({ role, value }: RoleValue) {
  const text = typeof value === 'string' ? value : formatMetadataValue(value)
  const [mode = 'text'] = documentModes(text)
  return (
    <section aria-label={roleName(role)} className="min-w-0 flex-1 basis-64">
      <header className="flex h-6 items-center">
        <h3 className="flex-1 text-small font-strong text-ink-muted">{roleName(role)}</h3>
        <CopyButton text={text} label={`Copy ${roleName(role).toLowerCase()}`} />
      </header>
      {text === '' ? <p className="text-ink-faint">empty text</p> : <DocumentText text={text} mode={mode === 'turns' ? 'text' : mode} />}
    </section>
  )
}

function TimeValue({ role, time }: { role: Role; time: number }) {
  const now = useNow()
  const isExpired = role === 'expiresAt' && time < now
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      {formatRelativeTime(time, now)}
      <span className="text-small text-ink-faint">{formatTime(time)}</span>
      {isExpired && <Badge tone="miss">expired</Badge>}
    </span>
  )
}

function SmallValue({ role, value, field }: RoleValue & { field: Field | undefined }) {
  const duration = role === 'ttl' && field !== undefined ? ttlMilliseconds(field, value) : null
  if (duration !== null) {
    return (
      <span className="flex flex-wrap items-center gap-x-2">
        {formatDuration(duration)}
        <span className="text-small text-ink-faint">stored as {formatMetadataValue(value)}</span>
      </span>
    )
  }
  const time = timeRoles.has(role) && !Array.isArray(value) ? readTime(value) : null
  if (time !== null) return <TimeValue role={role} time={time} />
  if (typeof value === 'string')
    return value === '' ? <span className="text-ink-faint">empty text</span> : <UntrustedText text={value} limit={600} />
  return <span className="numeric">{Array.isArray(value) ? formatMetadataValue(value) : formatScalar(value)}</span>
}

/** What the profile makes of a record: its texts first, side by side where there is room, then the small facts. */
export function ProfileFields({ record, mapping }: ProfileFieldsProps) {
  const values = roleValues(record, mapping)
  const texts = values.filter(({ role }) => readingRoles.has(role))
  const small = values.filter(({ role }) => !readingRoles.has(role))
  if (values.length === 0) return null
  return (
    <div className="flex flex-col gap-3 px-4 py-3">
      {texts.length > 0 && (
        <div className="flex flex-wrap gap-x-6 gap-y-4 text-body">
          {texts.map((each) => (
            <TextBlock key={each.role} {...each} />
          ))}
        </div>
      )}
      {small.length > 0 && (
        <Facts>
          {small.map((each) => (
            <Fact key={each.role} name={roleName(each.role)}>
              <SmallValue {...each} field={mapping.fields[each.role]} />
            </Fact>
          ))}
        </Facts>
      )}
    </div>
  )
}
