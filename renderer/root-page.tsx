import { useQuery } from '@tanstack/react-query'
import { Outlet, useLocation } from '@tanstack/react-router'
import { Sidebar } from './features/collections/sidebar/sidebar.tsx'
import { EmbedderSettings } from './features/embedders/embedder-settings.tsx'
import { JobStatus } from './features/jobs/job-status.tsx'
import { ChangeFollower } from './features/changes/change-follower.tsx'
import { ConflictsDialog } from './features/changes/conflicts-dialog.tsx'
import { AddRecordDialog } from './features/curation/add-record-dialog.tsx'
import { BulkDialog } from './features/curation/bulk-dialog.tsx'
import { CollectionDialogs } from './features/curation/collection-dialogs.tsx'
import { CreateCollectionDialog } from './features/curation/create-collection-dialog.tsx'
import { EditingChip } from './features/editing/editing-chip.tsx'
import { ReviewDialog } from './features/editing/review-dialog.tsx'
import { StartEditingDialog } from './features/editing/start-editing-dialog.tsx'
import { ImportDialog } from './features/imports/import-dialog.tsx'
import { CommandPalette } from './features/palette/command-palette.tsx'
import { ShortcutSheet } from './features/palette/shortcut-sheet.tsx'
import { SettingsDialog } from './features/settings/settings-dialog.tsx'
import { ConnectionLostBanner } from './features/shell/connection-lost-banner.tsx'
import { DropTarget } from './features/shell/drop-target.tsx'
import { ShellLayout } from './features/shell/shell-layout.tsx'
import { StatusBar } from './features/shell/status-bar.tsx'
import { StoreChangedBanner } from './features/shell/store-changed-banner.tsx'
import { TitleBar } from './features/shell/title-bar.tsx'
import { useAppEvents } from './features/shell/use-app-events.ts'
import { useFrameCommands } from './features/shell/use-frame-commands.ts'
import { ConnectServerDialog } from './features/welcome/connect-server-dialog.tsx'
import { OpenDirectory } from './features/welcome/open-directory.tsx'
import { useClient } from './lib/client-context.tsx'
import { ErrorBoundary } from './lib/error-boundary.tsx'
import { QueryError } from './lib/query-error.tsx'
import { useTheme } from './lib/use-theme.ts'
import type { Transport } from './rpc/transport.ts'

/** Everything around the pages: puts the features into the frame's places. */
export function RootPage({ transport }: { transport: Transport }) {
  useTheme()
  useAppEvents(transport)
  useFrameCommands()
  const client = useClient()
  const { href } = useLocation()
  const connections = useQuery(client.query('connections.list', {}))
  const hasSidebar = connections.data?.some((connection) => connection.isOpen) === true

  return (
    <>
      <ShellLayout
        titleBar={<TitleBar hasSidebar={hasSidebar} editing={<EditingChip />} />}
        banners={
          <>
            <ConnectionLostBanner />
            <StoreChangedBanner />
          </>
        }
        sidebar={hasSidebar ? <Sidebar /> : null}
        statusBar={<StatusBar jobs={<JobStatus />} />}
      >
        <ErrorBoundary resetKey={href}>
          {connections.isLoadingError ? (
            <QueryError error={connections.error} onRetry={() => void connections.refetch()} retrying={connections.isFetching} />
          ) : (
            <Outlet />
          )}
        </ErrorBoundary>
      </ShellLayout>
      <OpenDirectory />
      <ConnectServerDialog />
      <SettingsDialog embedders={<EmbedderSettings />} />
      <CommandPalette />
      <ShortcutSheet />
      <BulkDialog />
      <AddRecordDialog />
      <ImportDialog />
      <CreateCollectionDialog />
      <CollectionDialogs />
      <ReviewDialog />
      <StartEditingDialog />
      <ConflictsDialog />
      <ChangeFollower />
      <DropTarget transport={transport} />
    </>
  )
}
