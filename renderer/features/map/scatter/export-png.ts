import type { Picture } from './point-worker.ts'

/** A canvas with a painted picture on it, on nothing else. Throws an Error where the system has no memory for it. */
export function pictureCanvas({ pixels, width, height }: Picture): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('There is no memory for a picture of this size.')
  const image = context.createImageData(width, height)
  // Image data has colours that are not multiplied by their alpha.
  for (let at = 0; at < pixels.length; at += 4) {
    const alpha = pixels[at + 3] ?? 0
    if (alpha === 0) continue
    for (let channel = 0; channel < 3; channel += 1) image.data[at + channel] = ((pixels[at + channel] ?? 0) * 255) / alpha
    image.data[at + 3] = alpha
  }
  context.putImageData(image, 0, 0)
  return canvas
}

/** A data URL of what a canvas shows. */
export async function dataUrlOf(canvas: OffscreenCanvas): Promise<string> {
  const blob = await canvas.convertToBlob({ type: 'image/png' })
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => resolve(String(reader.result)))
    reader.addEventListener('error', () => reject(reader.error))
    reader.readAsDataURL(blob)
  })
}

/** An SVG document as a PNG, `scale` image pixels per CSS pixel. Its colours have to be written out, its size be given. */
export async function rasterise(document: string, width: number, height: number, scale: number): Promise<Blob> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(document)}`
  await image.decode()
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)))
  const context = canvas.getContext('2d')
  if (!context) throw new Error('There is no memory for a picture of this size.')
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  return canvas.convertToBlob({ type: 'image/png' })
}
