import { pointFragmentShader, pointVertexShader } from './point-shaders.ts'
import type { PointStyle } from './point-style.ts'
import { makeProgram, uniformsOf } from './programs.ts'
import type { Steps } from './steps.ts'
import { clipScale, type Surface } from './surface.ts'

export interface PointRange {
  /** First of the drawing order, and how many. */
  readonly start: number
  readonly count: number
  /** Red, green and blue, 0 to 1, in place of each point's own; null for their own. */
  readonly colour: readonly [number, number, number] | null
  /** The background as a rim around each point; null for none. */
  readonly rim: readonly [number, number, number] | null
}

/** Bytes that are handed over in one step. */
const pieceBytes = 2 ** 20

const attributes = { origin: 0, goal: 1, colour: 2, factor: 3 }

/** Draws points as discs, one above the other, in a given order. */
export class PointPass {
  readonly #gl: WebGL2RenderingContext
  readonly #program: WebGLProgram
  readonly #uniforms
  readonly #array: WebGLVertexArrayObject
  readonly #buffers: Record<keyof typeof attributes, WebGLBuffer>
  #indices: WebGLBuffer

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl
    this.#program = makeProgram(gl, pointVertexShader, pointFragmentShader)
    this.#uniforms = uniformsOf(gl, this.#program, [
      'progress',
      'centre',
      'scale',
      'radius',
      'uniformColour',
      'opacity',
      'rim',
      'background',
    ])
    this.#array = gl.createVertexArray()
    this.#buffers = { origin: gl.createBuffer(), goal: gl.createBuffer(), colour: gl.createBuffer(), factor: gl.createBuffer() }
    this.#indices = gl.createBuffer()
    gl.bindVertexArray(this.#array)
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.#indices)
    gl.vertexAttrib1f(attributes.factor, 1)
  }

  /** Hands over where the points go to: 2n coordinates. Returns how to put them in place of the present ones. */
  fillPositions(goal: Float32Array): Steps<() => void> {
    return this.#fill('goal', goal, 2, this.#gl.FLOAT, false)
  }

  /** The same of 4n bytes. */
  fillColours(colours: Uint8Array): Steps<() => void> {
    return this.#fill('colour', colours, 4, this.#gl.UNSIGNED_BYTE, true)
  }

  /** The same of n factors of the radius. */
  fillSizes(sizes: Float32Array): Steps<() => void> {
    return this.#fill('factor', sizes, 1, this.#gl.FLOAT, false)
  }

  /** The same of the order in which points are drawn. */
  *fillOrder(indices: Uint32Array): Steps<() => void> {
    const gl = this.#gl
    const buffer = gl.createBuffer()
    // No array of attributes may take the buffer before it is full.
    yield* this.#upload(gl.ELEMENT_ARRAY_BUFFER, buffer, indices)
    return () => {
      gl.bindVertexArray(this.#array)
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffer)
      gl.deleteBuffer(this.#indices)
      this.#indices = buffer
    }
  }

  /** All points have a radius of factor 1. */
  clearSizes(): void {
    this.#gl.bindVertexArray(this.#array)
    this.#gl.disableVertexAttribArray(attributes.factor)
  }

  /** Where the points come from: 2n coordinates; null for where they go to. */
  setOrigin(origin: Float32Array | null): void {
    const gl = this.#gl
    gl.bindVertexArray(this.#array)
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers[origin ? 'origin' : 'goal'])
    if (origin) gl.bufferData(gl.ARRAY_BUFFER, origin, gl.DYNAMIC_DRAW)
    gl.enableVertexAttribArray(attributes.origin)
    gl.vertexAttribPointer(attributes.origin, 2, gl.FLOAT, false, 0, 0)
  }

  /** `progress` is 0 at the origin and 1 at the goal. */
  draw({ camera, size, ratio }: Surface, { radius, opacity }: PointStyle, progress: number, range: PointRange): void {
    if (range.count <= 0) return
    const gl = this.#gl
    const place = this.#uniforms
    gl.useProgram(this.#program)
    gl.uniform1f(place.progress, progress)
    gl.uniform2f(place.centre, camera.x, camera.y)
    gl.uniform2f(place.scale, ...clipScale({ camera, size, ratio }))
    gl.uniform1f(place.radius, radius * ratio)
    gl.uniform4f(place.uniformColour, ...(range.colour ?? ([0, 0, 0] as const)), range.colour ? 1 : 0)
    gl.uniform1f(place.opacity, opacity)
    gl.uniform1f(place.rim, range.rim ? 0.75 * ratio : 0)
    gl.uniform3f(place.background, ...(range.rim ?? ([0, 0, 0] as const)))
    gl.enable(gl.BLEND)
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
    gl.bindVertexArray(this.#array)
    gl.drawElements(gl.POINTS, range.count, gl.UNSIGNED_INT, range.start * 4)
  }

  *#fill(
    name: keyof typeof attributes,
    values: Float32Array | Uint8Array,
    width: number,
    type: number,
    isShare: boolean,
  ): Steps<() => void> {
    const gl = this.#gl
    const buffer = gl.createBuffer()
    yield* this.#upload(gl.ARRAY_BUFFER, buffer, values)
    return () => {
      gl.bindVertexArray(this.#array)
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer)
      gl.enableVertexAttribArray(attributes[name])
      gl.vertexAttribPointer(attributes[name], width, type, isShare, 0, 0)
      gl.deleteBuffer(this.#buffers[name])
      this.#buffers[name] = buffer
    }
  }

  /** Others draw between the steps and bind what they need. */
  *#upload(target: number, buffer: WebGLBuffer, values: Float32Array | Uint8Array | Uint32Array): Steps<void> {
    const gl = this.#gl
    const bind = (): void => {
      gl.bindVertexArray(null)
      gl.bindBuffer(target, buffer)
    }
    bind()
    gl.bufferData(target, values.byteLength, gl.DYNAMIC_DRAW)
    const length = pieceBytes / values.BYTES_PER_ELEMENT
    for (let from = 0; from < values.length; from += length) {
      bind()
      gl.bufferSubData(target, from * values.BYTES_PER_ELEMENT, values, from, Math.min(length, values.length - from))
      yield
    }
  }
}
