import { dataUrlOf, pictureCanvas, rasterise } from './export-png.ts'
import { exportSvg } from './export-svg.ts'
import type { LabelOverlay } from './label-overlay.ts'
import type { PictureKey, ScatterMarker, ScatterTheme } from './scatter-props.ts'
import type { ScatterView } from './scatter-view.ts'

/** Points up to which they are drawn one by one. */
const mostVectors = 100_000
const mostSingle = 20_000

export interface ExportParts {
  readonly view: ScatterView
  readonly labels: LabelOverlay
  readonly markers: readonly ScatterMarker[]
  readonly theme: ScatterTheme
  readonly key: PictureKey | null
}

async function documentOf({ view, labels, markers, theme, key }: ExportParts, most: number, scale: number): Promise<string> {
  const camera = view.cameraNow()
  const { size, scene } = view
  const picture = scene.order.indices.length > most ? await dataUrlOf(pictureCanvas(await view.paint(scale))) : null
  const placed = labels.place(camera, size, view.insets)
  return exportSvg({ scene, camera, size, style: view.style(), theme, labels: placed, markers, picture, key })
}

/** The view as a PNG, `scale` image pixels per CSS pixel. */
export async function exportPng(parts: ExportParts, scale: number): Promise<Blob> {
  const { width, height } = parts.view.size
  return rasterise(await documentOf(parts, mostSingle, scale), width, height, scale)
}

/** The view as an SVG document; above 100,000 points these are one picture in it. */
export function exportVectors(parts: ExportParts): Promise<string> {
  return documentOf(parts, mostVectors, 2)
}
