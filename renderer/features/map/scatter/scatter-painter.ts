import { cssColour } from './css-colour.ts'
import { lineEnds, LinePass } from './line-pass.ts'
import { PicturePass } from './picture-pass.ts'
import { layerBudgets, pointLayers } from './point-order.ts'
import { PointPass } from './point-pass.ts'
import { sampleStyle, type PointStyle } from './point-style.ts'
import type { Picture } from './point-worker.ts'
import type { ScatterTheme } from './scatter-props.ts'
import type { ScatterScene, SceneContent, ScenePart } from './scatter-scene.ts'
import type { Steps } from './steps.ts'
import type { Surface } from './surface.ts'

/** What of a scene a context holds. */
type LoadedContent = Pick<SceneContent, 'positions' | 'colours' | 'sizes' | 'order'>

type Rgb = readonly [number, number, number]

/** Radius in CSS pixels from which points have a rim that sets them apart. */
const rimFrom = 2.5

function shares(colour: string): Rgb {
  const [red, green, blue] = cssColour(colour)
  return [red / 255, green / 255, blue / 255]
}

/** What of the view lives in a WebGL context: made anew where a lost context comes back. */
export class ScatterPainter {
  readonly #gl: WebGL2RenderingContext
  readonly #points: PointPass
  readonly #lines: LinePass
  readonly #picture: PicturePass
  #grey: Rgb = [0.5, 0.5, 0.5]
  #line: Rgb = [0, 0, 0]
  #background: Rgb = [1, 1, 1]

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl
    this.#points = new PointPass(gl)
    this.#lines = new LinePass(gl)
    this.#picture = new PicturePass(gl)
  }

  setTheme(theme: ScatterTheme): void {
    this.#grey = shares(theme.grey)
    this.#line = shares(theme.line)
    this.#background = shares(theme.background)
  }

  /** Hands over the parts of a scene that changed. Returns how to put them in place of the present ones. */
  *load(content: LoadedContent, parts: ReadonlySet<ScenePart>): Steps<() => void> {
    const points = this.#points
    const taken: (() => void)[] = []
    if (parts.has('positions')) taken.push(yield* points.fillPositions(content.positions))
    if (parts.has('colours')) taken.push(yield* points.fillColours(content.colours))
    if (parts.has('sizes')) taken.push(content.sizes ? yield* points.fillSizes(content.sizes) : () => points.clearSizes())
    if (parts.has('order')) taken.push(yield* points.fillOrder(content.order.indices))
    return () => {
      for (const take of taken) take()
    }
  }

  /** Takes over where the points and the lines of the scene come from. */
  setOrigin({ origin, positions, lines }: ScatterScene): void {
    this.#points.setOrigin(origin === positions ? null : origin)
    const ends = lineEnds(lines, origin, positions)
    this.#lines.setLines(ends.origin, ends.goal)
  }

  setPicture({ pixels, width, height }: Picture): void {
    this.#picture.setPicture(pixels, width, height)
  }

  /** Draws the finished picture, and the lines. */
  drawPicture(surface: Surface): void {
    this.#begin(surface)
    this.#picture.draw()
    this.#lines.draw(surface, 1, this.#line)
  }

  /**
   * Draws at most `budget` points, evenly taken from all; where not all fit, those of the highest layer get at least half of it.
   * Returns how many were drawn.
   */
  drawPoints(scene: ScatterScene, surface: Surface, style: PointStyle, progress: number, budget: number): number {
    const layers = pointLayers(scene.order)
    const budgets = layerBudgets(
      layers.map(({ count }) => count),
      budget,
    )
    this.#begin(surface)
    for (const [at, { start, count: all, isGrey }] of layers.entries()) {
      const count = budgets[at] ?? 0
      const shown = sampleStyle(style, count / Math.max(1, all))
      const rim = style.radius >= rimFrom ? this.#background : null
      this.#points.draw(surface, shown, progress, { start, count, colour: isGrey ? this.#grey : null, rim })
    }
    this.#lines.draw(surface, progress, this.#line)
    return budgets.reduce((sum, count) => sum + count, 0)
  }

  #begin({ size, ratio }: Surface): void {
    const gl = this.#gl
    gl.viewport(0, 0, Math.round(size.width * ratio), Math.round(size.height * ratio))
    gl.clearColor(0, 0, 0, 0)
    gl.clear(gl.COLOR_BUFFER_BIT)
  }
}
