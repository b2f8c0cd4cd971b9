import { makeProgram, uniformsOf } from './programs.ts'
import { clipScale, type Surface } from './surface.ts'

const vertexShader = `#version 300 es
layout(location = 0) in vec4 originEnds;
layout(location = 1) in vec4 goalEnds;
uniform float progress;
uniform vec2 centre;
uniform vec2 scale;
uniform vec2 pixels;
uniform float halfWidth;
out float across;

void main() {
  vec4 ends = (mix(originEnds, goalEnds, progress) - centre.xyxy) * scale.xyxy;
  vec2 along = (ends.zw - ends.xy) * pixels;
  float extent = length(along);
  vec2 direction = extent > 0.0 ? along / extent : vec2(1.0, 0.0);
  float side = float(gl_VertexID & 1) * 2.0 - 1.0;
  across = side * (halfWidth + 1.0);
  vec2 end = gl_VertexID < 2 ? ends.xy : ends.zw;
  gl_Position = vec4(end + vec2(-direction.y, direction.x) * across / pixels, 0.0, 1.0);
}`

const fragmentShader = `#version 300 es
precision highp float;
in float across;
uniform float halfWidth;
uniform vec4 colour;
out vec4 pixel;

void main() {
  float alpha = colour.a * clamp(halfWidth + 0.5 - abs(across), 0.0, 1.0);
  pixel = vec4(colour.rgb * alpha, alpha);
}`

const width = 1.25
const opacity = 0.8

/** Draws lines between points, of one width at every zoom. */
export class LinePass {
  readonly #gl: WebGL2RenderingContext
  readonly #program: WebGLProgram
  readonly #uniforms
  readonly #array: WebGLVertexArrayObject
  readonly #buffers: readonly WebGLBuffer[]
  #count = 0

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl
    this.#program = makeProgram(gl, vertexShader, fragmentShader)
    this.#uniforms = uniformsOf(gl, this.#program, ['progress', 'centre', 'scale', 'pixels', 'halfWidth', 'colour'])
    this.#array = gl.createVertexArray()
    this.#buffers = [gl.createBuffer(), gl.createBuffer()]
  }

  /** Both ends of each line, four numbers, where it comes from and where it goes to. */
  setLines(origin: Float32Array, goal: Float32Array): void {
    const gl = this.#gl
    gl.bindVertexArray(this.#array)
    for (const [location, ends] of [origin, goal].entries()) {
      gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers[location] ?? null)
      gl.bufferData(gl.ARRAY_BUFFER, ends, gl.DYNAMIC_DRAW)
      gl.enableVertexAttribArray(location)
      gl.vertexAttribPointer(location, 4, gl.FLOAT, false, 0, 0)
      gl.vertexAttribDivisor(location, 1)
    }
    this.#count = goal.length / 4
  }

  /** `colour` is red, green and blue, 0 to 1. */
  draw({ camera, size, ratio }: Surface, progress: number, colour: readonly [number, number, number]): void {
    if (this.#count === 0) return
    const gl = this.#gl
    const place = this.#uniforms
    gl.useProgram(this.#program)
    gl.uniform1f(place.progress, progress)
    gl.uniform2f(place.centre, camera.x, camera.y)
    gl.uniform2f(place.scale, ...clipScale({ camera, size, ratio }))
    gl.uniform2f(place.pixels, (size.width * ratio) / 2, (size.height * ratio) / 2)
    gl.uniform1f(place.halfWidth, (width * ratio) / 2)
    gl.uniform4f(place.colour, ...colour, opacity)
    gl.enable(gl.BLEND)
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
    gl.bindVertexArray(this.#array)
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, this.#count)
  }
}

/** Coordinates of the ends of lines that are given as pairs of indices, without those that have an end that is not placed. */
export function lineEnds(lines: Uint32Array, origin: Float32Array, goal: Float32Array): { origin: Float32Array; goal: Float32Array } {
  const ends: { origin: number[]; goal: number[] } = { origin: [], goal: [] }
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const [from = 0, to = 0] = [lines[at], lines[at + 1]]
    const places = [2 * from, 2 * from + 1, 2 * to, 2 * to + 1]
    if (!places.every((place) => Number.isFinite(goal[place]))) continue
    ends.origin.push(...places.map((place) => origin[place] ?? 0))
    ends.goal.push(...places.map((place) => goal[place] ?? 0))
  }
  return { origin: Float32Array.from(ends.origin), goal: Float32Array.from(ends.goal) }
}
