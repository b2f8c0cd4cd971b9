import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useClient } from './client-context.tsx'

const darkQuery = '(prefers-color-scheme: dark)'
const rememberedTheme = 'theme'

function resolve(theme: string | null): 'light' | 'dark' {
  if (theme === 'light' || theme === 'dark') return theme
  return matchMedia(darkQuery).matches ? 'dark' : 'light'
}

/** Paints the theme that was in force last time, before the preferences are known, so that nothing flashes. */
export function applyRememberedTheme(): void {
  document.documentElement.dataset.theme = resolve(localStorage.getItem(rememberedTheme))
}

/** Keeps theme and density of the window as the preferences, and the system, have them. */
export function useTheme(): void {
  const client = useClient()
  const { data: preferences } = useQuery(client.query('settings.preferences', {}))
  useEffect(() => {
    if (!preferences) return
    const { theme, density } = preferences
    localStorage.setItem(rememberedTheme, theme)
    document.documentElement.dataset.density = density
    const apply = (): void => {
      document.documentElement.dataset.theme = resolve(theme)
    }
    apply()
    const media = matchMedia(darkQuery)
    media.addEventListener('change', apply)
    return () => media.removeEventListener('change', apply)
  }, [preferences])
}
