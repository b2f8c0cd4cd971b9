import { useMemo, useSyncExternalStore } from 'react'
import type { ScatterTheme } from './scatter/scatter-props.ts'

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  return () => observer.disconnect()
}

/** The theme in force, and the colours of the map that follow it. */
export function useScatterTheme(): { theme: 'light' | 'dark'; colours: ScatterTheme } {
  const theme = useSyncExternalStore(subscribe, () => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light'))
  const colours = useMemo((): ScatterTheme => {
    const style = getComputedStyle(document.documentElement)
    const variable = (name: string) => style.getPropertyValue(name).trim()
    return {
      background: variable('--canvas'),
      grey: theme === 'dark' ? '#5b636f' : '#cdd2d9',
      line: variable('--ink-muted'),
      text: variable('--ink-muted'),
      accent: variable('--accent'),
    }
  }, [theme])
  return { theme, colours }
}
