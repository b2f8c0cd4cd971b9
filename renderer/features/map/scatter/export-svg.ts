import { toScreen, type Camera, type ViewSize } from './camera.ts'
import { escapeXml } from './escape-xml.ts'
import { keyElements } from './export-key.ts'
import { labelHeight } from './label-overlay.ts'
import type { PlacedLabel } from './label-placement.ts'
import { markerPath } from './mark-overlay.ts'
import { pointLayers } from './point-order.ts'
import type { PointStyle } from './point-style.ts'
import type { PictureKey, ScatterMarker, ScatterTheme } from './scatter-props.ts'
import type { ScatterScene } from './scatter-scene.ts'

export interface ExportView {
  readonly scene: ScatterScene
  readonly camera: Camera
  readonly size: ViewSize
  readonly style: PointStyle
  readonly theme: ScatterTheme
  readonly labels: readonly PlacedLabel[]
  readonly markers: readonly ScatterMarker[]
  /** What stands for the points: a data URL of a picture of them; null where they are drawn one by one. */
  readonly picture: string | null
  readonly key: PictureKey | null
}

/** One path for all points of a colour and size: a line without length and with a round end is a disc. */
function pointPaths({ scene, camera, size, style, theme }: ExportView): string[] {
  const paths: string[] = []
  for (const { start, count, isGrey } of pointLayers(scene.order)) {
    const groups = new Map<string, string[]>()
    for (let at = start; at < start + count; at += 1) {
      const index = scene.order.indices[at] ?? 0
      const { x, y } = toScreen(camera, size, scene.positions[2 * index] ?? 0, scene.positions[2 * index + 1] ?? 0)
      const width = (2 * style.radius * (scene.sizes?.[index] ?? 1)).toFixed(1)
      if (!(x > -50 && x < size.width + 50 && y > -50 && y < size.height + 50)) continue
      const colour = isGrey ? theme.grey : `rgb(${Array.from(scene.colours.subarray(4 * index, 4 * index + 3)).join(' ')})`
      const attributes = `stroke="${escapeXml(colour)}" stroke-width="${width}"`
      const group = groups.get(attributes) ?? []
      groups.set(attributes, group)
      group.push(`M${x.toFixed(1)} ${y.toFixed(1)}h0`)
    }
    for (const [attributes, moves] of groups) {
      paths.push(
        `<path ${attributes} stroke-opacity="${style.opacity.toFixed(2)}" stroke-linecap="round" fill="none" d="${moves.join('')}"/>`,
      )
    }
  }
  return paths
}

function linePath({ scene, camera, size, theme }: ExportView): string[] {
  const moves: string[] = []
  for (let at = 0; at + 1 < scene.lines.length; at += 2) {
    const ends = [scene.lines[at] ?? 0, scene.lines[at + 1] ?? 0].map((index) =>
      toScreen(camera, size, scene.positions[2 * index] ?? Number.NaN, scene.positions[2 * index + 1] ?? Number.NaN),
    )
    if (!ends.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))) continue
    moves.push(`M${ends.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}`)
  }
  return moves.length > 0 ? [`<path stroke="${escapeXml(theme.line)}" stroke-width="1.25" fill="none" d="${moves.join('')}"/>`] : []
}

/** The view as an SVG document. Texts are escaped, and nothing in it is fetched or run. */
export function exportSvg(view: ExportView): string {
  const { camera, size, theme, labels, markers, picture, key } = view
  const halo = `stroke="${escapeXml(theme.background)}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"`
  const texts = labels.map(
    ({ label, x, y }) =>
      `<text x="${x.toFixed(1)}" y="${(y + labelHeight / 4).toFixed(1)}" text-anchor="middle" fill="${escapeXml(theme.text)}" ${halo}>${escapeXml(label.text)}</text>`,
  )
  const marks = markers.map((marker) => {
    const { x, y } = toScreen(camera, size, marker.x, marker.y)
    const text = marker.text
      ? `<text x="16" y="4" font-weight="600" fill="${escapeXml(marker.colour)}" ${halo}>${escapeXml(marker.text)}</text>`
      : ''
    const path = `<path d="${markerPath(marker.shape)}" fill="none" stroke="${escapeXml(marker.colour)}" stroke-width="2.5"/>`
    return `<g transform="translate(${x.toFixed(1)} ${y.toFixed(1)})">${path}${text}</g>`
  })
  const points = picture === null ? pointPaths(view) : [`<image width="${size.width}" height="${size.height}" href="${picture}"/>`]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="${escapeXml(theme.background)}"/>`,
    ...points,
    ...linePath(view),
    ...marks,
    ...texts,
    ...(key === null ? [] : keyElements(key, theme)),
    '</svg>',
  ].join('\n')
}
