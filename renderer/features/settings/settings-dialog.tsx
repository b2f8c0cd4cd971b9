import { useMutation, useQuery } from '@tanstack/react-query'
import { Monitor, Moon, Rows2, Rows3, Sun } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Preferences } from '../../../shared/contract/settings.ts'
import { useClient } from '../../lib/client-context.tsx'
import { useOverlay } from '../../lib/overlay.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { Section } from '../../ui/section.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { EngineCommand } from './engine-command.tsx'

function Choice({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex items-center justify-between gap-4">
      <span aria-hidden="true">{name}</span>
      {children}
    </div>
  )
}

function Appearance({ preferences }: { preferences: Preferences }) {
  const client = useClient()
  const { mutate } = useMutation(client.mutation('settings.setPreferences'))
  return (
    <Section title="Appearance">
      <Choice name="Theme">
        <Segmented
          label="Theme"
          value={preferences.theme}
          onValueChange={(theme) => mutate({ theme })}
          options={[
            { value: 'system', label: 'System', icon: <Monitor aria-hidden="true" /> },
            { value: 'light', label: 'Light', icon: <Sun aria-hidden="true" /> },
            { value: 'dark', label: 'Dark', icon: <Moon aria-hidden="true" /> },
          ]}
        />
      </Choice>
      <Choice name="Rows">
        <Segmented
          label="Rows"
          value={preferences.density}
          onValueChange={(density) => mutate({ density })}
          options={[
            { value: 'compact', label: 'Compact', icon: <Rows3 aria-hidden="true" /> },
            { value: 'comfortable', label: 'Comfortable', icon: <Rows2 aria-hidden="true" /> },
          ]}
        />
      </Choice>
    </Section>
  )
}

/** Preferences of the app; every change takes effect and is kept at once. */
export function SettingsDialog({ embedders }: { embedders: ReactNode }) {
  const client = useClient()
  const { overlay, close } = useOverlay()
  const preferences = useQuery(client.query('settings.preferences', {}))
  const { data: info } = useQuery(client.query('app.info', {}))
  return (
    <Dialog open={overlay === 'settings'} onOpenChange={(open) => !open && close()} title="Settings">
      <DialogBody className="flex flex-col gap-6 pt-1">
        {preferences.isLoadingError ? (
          <QueryError error={preferences.error} onRetry={() => void preferences.refetch()} retrying={preferences.isFetching} />
        ) : preferences.data ? (
          <Appearance preferences={preferences.data} />
        ) : (
          <SkeletonLines count={3} />
        )}
        {embedders}
        <EngineCommand />
        {info && (
          <Section title="About">
            <Facts>
              <Fact name="Version">{info.version}</Fact>
              <Fact name="Settings and logs">{info.dataDirectory}</Fact>
              <Fact name="Network">Nothing is sent anywhere, except to servers and embedders that you set up.</Fact>
            </Facts>
          </Section>
        )}
      </DialogBody>
    </Dialog>
  )
}
