import { create } from 'zustand'

interface MapVersionStore {
  /** Newest picture of each map that the core told of. */
  readonly versions: ReadonlyMap<string, number>
  readonly tell: (mapId: string, version: number) => void
}

/** What the core told about pictures of maps; a map's view asks for a picture when there is a newer one. */
export const useMapVersions = create<MapVersionStore>()((set) => ({
  versions: new Map(),
  tell: (mapId, version) => set(({ versions }) => ({ versions: new Map(versions).set(mapId, version) })),
}))
