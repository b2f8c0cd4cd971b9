import { z } from 'zod'
import { defaultMapSettings, mapMethodSchema, mapSettingsSchema, type MapColour, type MapSettings } from '../../shared/contract/maps.ts'
import type { Probe } from '../../shared/contract/search.ts'
import type { EvidenceRef } from '../../shared/domain/thresholds/experiment.ts'
import { evidenceWord, usualSources } from './thresholds-search.ts'
import { thresholdWord } from './threshold-word.ts'

const words = z.string().min(1).optional().catch(undefined)

/** What the address of the map says; everything the page shows follows from it. */
export const mapSearchSchema = z.object({
  /** Chroma's `where` as JSON text. */
  where: words,
  /** Chroma's `whereDocument` as JSON text. */
  doc: words,
  /** Quick find in documents and ids. */
  find: words,
  /** Periods of dates, as period.ts writes them. */
  dates: words,
  /** Id of a saved set. */
  set: words,
  method: mapMethodSchema.optional().catch(undefined),
  /** UMAP's parameters; the usual ones where absent. */
  neighbours: words,
  spread: words,
  metric: mapSettingsSchema.shape.metric.optional().catch(undefined),
  seed: words,
  /** `key:<metadata key>`, or one of the other names of a colour; chosen by the profile where absent. */
  colour: words,
  /** What the thresholds of entries are fitted to, as the threshold lab writes it; the first that there is where absent. */
  evidence: words,
  /** Categories of the colour that are picked out, as a JSON list of their labels. */
  only: words,
  /** What the query placed on the map is: a text where absent. */
  by: z.enum(['record']).optional().catch(undefined),
  q: words,
  tool: z.enum(['box', 'lasso']).optional().catch(undefined),
  /** Middle of the view and how much its shorter side shows, `x,y,span`; everything where absent. */
  at: words,
  /** Similarity threshold of all views of the collection; what its lookups are set to where absent. */
  threshold: thresholdWord,
  /** Id of the record in the inspector. */
  record: words,
})
export type MapSearch = z.infer<typeof mapSearchSchema>

/** The settings an address means; what is not valid is as usual. */
export function mapSettingsOf({ method, neighbours, spread, metric, seed }: MapSearch): MapSettings {
  const { nNeighbors, minDist, seed: seeds } = mapSettingsSchema.shape
  const usual = defaultMapSettings
  return {
    method: method ?? usual.method,
    nNeighbors: nNeighbors.catch(usual.nNeighbors).parse(neighbours === undefined ? usual.nNeighbors : Number(neighbours)),
    minDist: minDist.catch(usual.minDist).parse(spread === undefined ? usual.minDist : Number(spread)),
    metric: metric ?? usual.metric,
    seed: seeds.catch(usual.seed).parse(seed === undefined ? usual.seed : Number(seed)),
  }
}

/** The reverse of {@link mapSettingsOf}: only what is not as usual. */
export function searchOfMapSettings(
  settings: MapSettings,
): Record<'method' | 'neighbours' | 'spread' | 'metric' | 'seed', string | undefined> {
  const usual = defaultMapSettings
  const changed = <Key extends keyof MapSettings>(key: Key): string | undefined =>
    settings[key] === usual[key] ? undefined : String(settings[key])
  return {
    method: changed('method'),
    neighbours: changed('nNeighbors'),
    spread: changed('minDist'),
    metric: changed('metric'),
    seed: changed('seed'),
  }
}

/** What is looked for on the map; null for nothing. */
export function mapProbeOf({ by, q }: MapSearch): Probe | null {
  if (q === undefined) return null
  return by === 'record' ? { kind: 'record', id: q } : { kind: 'text', text: q, embedderId: null }
}

/** The reverse of {@link mapProbeOf}; a vector cannot be written and is nothing. */
export function searchOfMapProbe(probe: Probe | null): Pick<MapSearch, 'by' | 'q'> {
  if (probe === null || probe.kind === 'vector') return { by: undefined, q: undefined }
  return probe.kind === 'record' ? { by: 'record', q: probe.id } : { by: undefined, q: probe.text }
}

/** A colour as an address writes it. */
export function colourWord(colour: MapColour): string {
  return colour.by === 'metadata' ? `key:${colour.key}` : colour.by
}

/** The reverse of {@link colourWord}; null where the word means nothing, for similarity to nothing, and for thresholds without evidence. */
export function colourOfWord(word: string, { probe, evidence }: { probe: Probe | null; evidence: EvidenceRef | null }): MapColour | null {
  if (word.startsWith('key:')) return { by: 'metadata', key: word.slice('key:'.length) }
  switch (word) {
    case 'namespace':
    case 'expiry':
    case 'hitCount':
    case 'age':
    case 'cluster':
    case 'fidelity':
    case 'duplicates':
      return { by: word }
    case 'entryThreshold':
      return evidence === null ? null : { by: word, source: evidence, sources: usualSources(evidenceWord(evidence)) }
    case 'similarity':
      return probe === null ? null : { by: 'similarity', probe }
    default:
      return null
  }
}

const cameraSchema = z.tuple([z.number(), z.number(), z.number().positive()])

/** Part of the plane that is in view: its middle and how much the shorter side shows; null shows everything. */
export function cameraOfWord(word: string | undefined): { x: number; y: number; span: number } | null {
  const parsed = cameraSchema.safeParse(word?.split(',').map(Number))
  if (!parsed.success) return null
  const [x, y, span] = parsed.data
  return { x, y, span }
}

/** The reverse of {@link cameraOfWord}. */
export function cameraWord(camera: { readonly x: number; readonly y: number; readonly span: number } | null): string | undefined {
  return camera === null ? undefined : [camera.x, camera.y, camera.span].map((part) => Number(part.toPrecision(7))).join(',')
}
