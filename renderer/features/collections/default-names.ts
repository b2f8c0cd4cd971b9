/** Names that Chroma gives where nobody chose one. */
export const defaultTenant = 'default_tenant'
export const defaultDatabase = 'default_database'

/** True where tenant and database say nothing, because all collections are in the default ones. */
export function hasOnlyDefaults(places: readonly { tenant: string; database: string }[]): boolean {
  return places.every((place) => place.tenant === defaultTenant && place.database === defaultDatabase)
}
