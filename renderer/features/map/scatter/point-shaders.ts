/** A point between where it was and where it goes, as a square that holds its disc. */
export const pointVertexShader = `#version 300 es
layout(location = 0) in vec2 origin;
layout(location = 1) in vec2 goal;
layout(location = 2) in vec4 colour;
layout(location = 3) in float factor;
uniform float progress;
uniform vec2 centre;
uniform vec2 scale;
uniform float radius;
uniform vec4 uniformColour;
flat out vec3 discColour;
flat out float discRadius;

void main() {
  gl_Position = vec4((mix(origin, goal, progress) - centre) * scale, 0.0, 1.0);
  discRadius = radius * factor;
  gl_PointSize = 2.0 * discRadius + 1.0;
  discColour = mix(colour.rgb, uniformColour.rgb, uniformColour.a);
}`

/** A disc whose edge fades over one pixel, inside a thin rim in the colour of the background. */
export const pointFragmentShader = `#version 300 es
precision highp float;
flat in vec3 discColour;
flat in float discRadius;
uniform float opacity;
uniform float rim;
uniform vec3 background;
out vec4 pixel;

void main() {
  float inwards = discRadius + 0.5 - distance(gl_PointCoord, vec2(0.5)) * (2.0 * discRadius + 1.0);
  float alpha = clamp(inwards, 0.0, 1.0) * opacity;
  vec3 rgb = mix(background, discColour, rim > 0.0 ? clamp(inwards - rim, 0.0, 1.0) : 1.0);
  pixel = vec4(rgb * alpha, alpha);
}`
