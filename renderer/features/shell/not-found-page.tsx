import { Link } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { useDocumentTitle } from '../../lib/use-document-title.ts'
import { EmptyState } from '../../ui/empty-state.tsx'

/** Stands where an address leads nowhere. */
export function NotFoundPage() {
  useDocumentTitle('Page not found')
  return (
    <EmptyState
      icon={<Compass />}
      title="This address leads nowhere"
      action={
        <Link to="/" className="text-accent underline">
          Go to the welcome page
        </Link>
      }
    >
      No page of Mnemoscope has it. The link may be cut short or come from another version.
    </EmptyState>
  )
}
