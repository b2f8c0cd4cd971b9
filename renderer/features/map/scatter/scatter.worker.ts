import { z } from 'zod'
import { paintDensity } from './density-picture.ts'
import { buildPointIndex } from './point-index.ts'
import type { PointOrder } from './point-order.ts'
import { scatterRequestSchema, type ScatterReply } from './scatter-messages.ts'

// The policy of the page forbids to make code of text, which zod would try first.
z.config({ jitless: true })

/** What a worker has of its own global object here. */
const scope = globalThis as unknown as { postMessage(reply: ScatterReply, transfer: Transferable[]): void }

let positions = new Float32Array()
let colours = new Uint8Array()
let sizes: Float32Array | null = null
let order: PointOrder = { indices: new Uint32Array(), backCount: 0, unvaluedCount: 0 }

addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  const request = scatterRequestSchema.parse(data)
  switch (request.kind) {
    case 'positions':
      positions = request.positions as Float32Array<ArrayBuffer>
      break
    case 'colours':
      ;({ colours, sizes } = request)
      break
    case 'order':
      ;({ order } = request)
      break
    case 'paint': {
      const { width, height } = request.view
      const pixels = paintDensity({ positions, colours, sizes, order }, request.view)
      scope.postMessage({ kind: 'picture', request: request.request, pixels, width, height }, [pixels.buffer])
      break
    }
    case 'index': {
      const index = buildPointIndex(positions)
      const transfer = index ? [index.data, ...(index.points ? [index.points.buffer as ArrayBuffer] : [])] : []
      scope.postMessage({ kind: 'index', request: request.request, index }, transfer)
    }
  }
})
