import { useEffect } from 'react'

/** Names the window after what it shows; null leaves the app's name alone. */
export function useDocumentTitle(title: string | null): void {
  useEffect(() => {
    document.title = title === null ? 'Mnemoscope' : `${title} · Mnemoscope`
  }, [title])
}
