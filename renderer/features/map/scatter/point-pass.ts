import { pointFragmentShader, pointVertexShader } from './point-shaders.ts'
import type { PointStyle } from './point-style.ts'
import { makeProgram, uniformsOf } from './programs.ts'
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

const attributes = { origin: 0, goal: 1, colour: 2, factor: 3 }

/** Draws points as discs, one above the other, in a given order. */
export class PointPass {
  readonly #gl: WebGL2RenderingContext
  readonly #program: WebGLProgram
  readonly #uniforms
  readonly #array: WebGLVertexArrayObject
  readonly #buffers: Record<keyof typeof attributes, WebGLBuffer>
  readonly #indices: WebGLBuffer

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

  /** Where the points come from and go to: 2n coordinates each. */
  setPositions(origin: Float32Array, goal: Float32Array): void {
    this.#fill('origin', origin, 2, this.#gl.FLOAT, false)
    this.#fill('goal', goal, 2, this.#gl.FLOAT, false)
  }

  /** 4n bytes. */
  setColours(colours: Uint8Array): void {
    this.#fill('colour', colours, 4, this.#gl.UNSIGNED_BYTE, true)
  }

  /** n factors of the radius; null for 1. */
  setSizes(sizes: Float32Array | null): void {
    if (sizes) this.#fill('factor', sizes, 1, this.#gl.FLOAT, false)
    else {
      this.#gl.bindVertexArray(this.#array)
      this.#gl.disableVertexAttribArray(attributes.factor)
    }
  }

  setOrder(indices: Uint32Array): void {
    this.#gl.bindVertexArray(this.#array)
    this.#gl.bufferData(this.#gl.ELEMENT_ARRAY_BUFFER, indices, this.#gl.DYNAMIC_DRAW)
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

  #fill(name: keyof typeof attributes, values: Float32Array | Uint8Array, width: number, type: number, isShare: boolean): void {
    const gl = this.#gl
    gl.bindVertexArray(this.#array)
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers[name])
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW)
    gl.enableVertexAttribArray(attributes[name])
    gl.vertexAttribPointer(attributes[name], width, type, isShare, 0, 0)
  }
}
