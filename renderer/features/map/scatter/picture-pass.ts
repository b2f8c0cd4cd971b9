import { makeProgram, uniformsOf } from './programs.ts'

const vertexShader = `#version 300 es
out vec2 at;

void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0;
  at = vec2(corner.x, 1.0 - corner.y);
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}`

const fragmentShader = `#version 300 es
precision mediump float;
in vec2 at;
uniform sampler2D picture;
out vec4 pixel;

void main() {
  pixel = texture(picture, at);
}`

/** Draws a finished picture over the whole view. */
export class PicturePass {
  readonly #gl: WebGL2RenderingContext
  readonly #program: WebGLProgram
  readonly #uniforms
  readonly #array: WebGLVertexArrayObject
  readonly #texture: WebGLTexture

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl
    this.#program = makeProgram(gl, vertexShader, fragmentShader)
    this.#uniforms = uniformsOf(gl, this.#program, ['picture'])
    this.#array = gl.createVertexArray()
    this.#texture = gl.createTexture()
    gl.bindTexture(gl.TEXTURE_2D, this.#texture)
    for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE)
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, filter, gl.LINEAR)
  }

  /** Rows from the top, 4 bytes a pixel, colours multiplied by their alpha. */
  setPicture(pixels: Uint8Array, width: number, height: number): void {
    const gl = this.#gl
    gl.bindTexture(gl.TEXTURE_2D, this.#texture)
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, pixels)
  }

  draw(): void {
    const gl = this.#gl
    gl.useProgram(this.#program)
    gl.bindTexture(gl.TEXTURE_2D, this.#texture)
    gl.uniform1i(this.#uniforms.picture, 0)
    gl.disable(gl.BLEND)
    gl.bindVertexArray(this.#array)
    gl.drawArrays(gl.TRIANGLES, 0, 3)
  }
}
