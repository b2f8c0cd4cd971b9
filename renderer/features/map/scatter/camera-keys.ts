import { panBy, zoomAt, type Camera, type ViewSize } from './camera.ts'

/** Share of the view that an arrow moves, and factor of one step of zoom. */
const stride = 0.12
const zoomStep = 1.5

/**
 * The camera after a key: arrows pan (with Shift by more), + and - zoom around the middle, 0 shows everything, which is null.
 * `undefined` where the key means nothing here.
 */
export function cameraAfterKey(key: string, isShifted: boolean, camera: Camera, size: ViewSize): Camera | null | undefined {
  const far = isShifted ? stride * 4 : stride
  const middle = { x: size.width / 2, y: size.height / 2 }
  switch (key) {
    case 'ArrowLeft':
      return panBy(camera, size, size.width * far, 0)
    case 'ArrowRight':
      return panBy(camera, size, -size.width * far, 0)
    case 'ArrowUp':
      return panBy(camera, size, 0, size.height * far)
    case 'ArrowDown':
      return panBy(camera, size, 0, -size.height * far)
    case '+':
    case '=':
      return zoomAt(camera, size, middle, zoomStep)
    case '-':
    case '_':
      return zoomAt(camera, size, middle, 1 / zoomStep)
    case '0':
      return null
    default:
      return undefined
  }
}
