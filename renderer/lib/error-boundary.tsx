import { Component, type ReactNode } from 'react'
import { QueryError } from './query-error.tsx'

interface ErrorBoundaryProps {
  /** A change of this value tries again, such as the address of the page. */
  resetKey?: string
  children: ReactNode
}

/** Keeps a failure of one part of the window from taking the rest with it. React itself writes what failed to the console. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { error: unknown; failed: boolean }> {
  override state = { error: null as unknown, failed: false }

  static getDerivedStateFromError(error: unknown) {
    return { error, failed: true }
  }

  override componentDidUpdate(previous: ErrorBoundaryProps): void {
    if (this.state.failed && previous.resetKey !== this.props.resetKey) this.setState({ error: null, failed: false })
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children
    return <QueryError error={this.state.error} onRetry={() => this.setState({ error: null, failed: false })} />
  }
}
