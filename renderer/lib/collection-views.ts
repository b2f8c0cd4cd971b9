/** The views of a collection, in the order of their tabs. */
export const collectionViews = [
  { name: 'overview', to: '/s/$connectionId/c/$collectionId/overview', end: '/overview', label: 'Overview', shortcut: 'g o' },
  { name: 'records', to: '/s/$connectionId/c/$collectionId/records', end: '/records', label: 'Records', shortcut: 'g r' },
  { name: 'memory', to: '/s/$connectionId/c/$collectionId/memory', end: '/memory', label: 'Memory', shortcut: 'g y' },
  { name: 'query', to: '/s/$connectionId/c/$collectionId/query', end: '/query', label: 'Query', shortcut: 'g q' },
  { name: 'lookups', to: '/s/$connectionId/c/$collectionId/lookups', end: '/lookups', label: 'Lookups', shortcut: 'g u' },
  { name: 'log', to: '/s/$connectionId/c/$collectionId/log', end: '/log', label: 'Lookup log', shortcut: 'g l' },
  { name: 'map', to: '/s/$connectionId/c/$collectionId/map', end: '/map', label: 'Map', shortcut: 'g m' },
  { name: 'thresholds', to: '/s/$connectionId/c/$collectionId/thresholds', end: '/thresholds', label: 'Thresholds', shortcut: 'g e' },
  { name: 'cleanup', to: '/s/$connectionId/c/$collectionId/cleanup', end: '/cleanup', label: 'Cleanup', shortcut: 'g c' },
] as const

/** The part of an address that all views of a collection share: the filter, the similarity threshold and the record in the inspector. */
export function sharedSearch(search: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    ['where', 'doc', 'find', 'dates', 'set', 'threshold', 'record'].flatMap((name) => {
      const value = search[name]
      return typeof value === 'string' ? [[name, value]] : []
    }),
  )
}
