import { describe, expect, test } from 'vitest'
import type { MapValues } from '../../shared/contract/maps.ts'
import { clusterLabels } from '../../renderer/features/map/cluster-labels.ts'
import { nearOnMap } from '../../renderer/features/map/near-on-map.ts'
import { pointFlags } from '../../renderer/features/map/point-flags.ts'
import { paintPoints } from '../../renderer/features/map/point-paint.ts'
import { pointState } from '../../renderer/features/map/scatter/scatter-props.ts'
import {
  cameraOfWord,
  cameraWord,
  colourOfWord,
  colourWord,
  mapProbeOf,
  mapSearchSchema,
  mapSettingsOf,
  searchOfMapSettings,
} from '../../renderer/lib/map-search.ts'
import { defaultMapSettings, type MapColour } from '../../shared/contract/maps.ts'

/** The colour of a point, as the palette has it. */
function colourAt({ codes, palette }: { codes: Uint8Array; palette: Uint8Array }, point: number): number[] {
  const code = codes[point] ?? 0
  return [...palette.slice(4 * code, 4 * code + 4)]
}

describe('colours of points', () => {
  const many: MapValues = {
    kind: 'categories',
    codes: Int32Array.from([0, 9, 10, 11, -1, -2, 0]),
    categories: Array.from({ length: 12 }, (_, at) => ({ label: `c${at}`, count: 12 - at })),
    others: 3,
    missing: 1,
  }

  test('ten categories have a colour of their own; the rest share one and are counted together', () => {
    const paint = paintPoints(many, 'light', null)
    const [first, tenth, eleventh, twelfth, missing, others, again] = [0, 1, 2, 3, 4, 5, 6].map((point) => colourAt(paint, point))
    expect(again).toEqual(first)
    expect(tenth).not.toEqual(first)
    expect(eleventh).toEqual(twelfth)
    expect(others).toEqual(eleventh)
    expect(missing).not.toEqual(others)
    expect(paint.legend).toMatchObject({ kind: 'categories' })
    const entries = paint.legend.kind === 'categories' ? paint.legend.entries : []
    expect(entries.map(({ label, count }) => [label, count]).slice(-3)).toEqual([
      ['c9', 3],
      ['Other', 2 + 1 + 3],
      ['No value', 1],
    ])
  })

  test('a legend line names exactly the points of its colour', () => {
    const paint = paintPoints(many, 'dark', null)
    const entries = paint.legend.kind === 'categories' ? paint.legend.entries : []
    for (const { colour, codes } of entries) {
      for (let point = 0; point < paint.codes.length; point += 1) {
        const [red, green, blue] = colourAt(paint, point)
        expect(codes.has(paint.codes[point] ?? -1)).toBe(colour === `rgb(${red} ${green} ${blue})`)
      }
    }
  })

  test('similarities change sides at the threshold, wherever it stands', () => {
    const values: MapValues = {
      kind: 'numbers',
      values: Float64Array.from([0.1, 0.9, 0.95, 1, Number.NaN]),
      scale: 'similarity',
      min: 0.1,
      max: 1,
      missing: 1,
    }
    const paint = paintPoints(values, 'light', 0.9)
    expect(paint.codes[0]).toBe(0)
    expect(paint.codes[1]).toBe(127)
    expect(paint.codes[2]).toBeGreaterThan(127)
    expect(paint.codes[3]).toBe(254)
    expect(paint.codes[4]).toBe(255)
    expect(paint.legend).toMatchObject({ kind: 'scale', threshold: 0.9, missing: 1 })
  })

  test('the legend of similarities has the threshold in its middle, and leaves it out where all lie on one side', () => {
    const legendOf = (threshold: number) =>
      paintPoints(
        { kind: 'numbers', values: Float64Array.from([0.2, 1]), scale: 'threshold', min: 0.2, max: 1, missing: 0 },
        'light',
        threshold,
      ).legend
    const [within, same, below] = [legendOf(0.9), legendOf(0.6), legendOf(1.2)]
    if (within.kind !== 'scale' || same.kind !== 'scale' || below.kind !== 'scale') throw new Error('Numbers have a scale.')
    expect(within.colours).toEqual(same.colours)
    expect(legendOf(0.1)).toMatchObject({ threshold: null })
    expect(below.threshold).toBeNull()
    expect(below.colours[0]).toBe(within.colours[0])
    expect(below.colours.at(-1)).not.toBe(within.colours.at(-1))
  })

  test('one number for all is drawn, and no number at all says so', () => {
    const same = paintPoints(
      { kind: 'numbers', values: Float64Array.from([3, 3]), scale: 'number', min: 3, max: 3, missing: 0 },
      'light',
      null,
    )
    expect(colourAt(same, 0)).toEqual(colourAt(same, 1))
    const none = paintPoints(
      { kind: 'numbers', values: Float64Array.from([Number.NaN]), scale: 'number', min: null, max: null, missing: 1 },
      'light',
      null,
    )
    expect(none.legend).toEqual({ kind: 'empty' })
    expect(colourAt(none, 0)[3]).toBe(255)
  })
})

describe('what points are drawn as', () => {
  test('a filter and the legend set points back, the threshold lights what is left, and selected stays selected', () => {
    const { state, lit, shown } = pointFlags({
      points: 5,
      selected: [0, 3],
      matching: Uint8Array.from([1, 1, 1, 0, 1]),
      picked: { codes: Uint8Array.from([0, 0, 1, 0, 0]), of: new Set([0]) },
      lit: { similarities: Float32Array.from([0.9, 0.85, 0.99, 0.99, Number.NaN]), threshold: 0.85, setsBack: false },
      unvalued: { codes: Uint8Array.from([0, 0, 1, 0, 0]), code: 0 },
    })
    expect([...state]).toEqual([
      pointState.selected | pointState.highlighted,
      pointState.highlighted,
      pointState.dimmed,
      pointState.dimmed | pointState.selected,
      pointState.unvalued,
    ])
    expect({ lit, shown }).toEqual({ lit: 2, shown: 3 })
  })
})

describe('the address of a map', () => {
  test('settings come back from their words, and what is as usual is left out', () => {
    expect(Object.values(searchOfMapSettings(defaultMapSettings)).every((word) => word === undefined)).toBe(true)
    const settings = { method: 'pca', nNeighbors: 30, minDist: 0.5, metric: 'own', seed: 7 } as const
    expect(mapSettingsOf(mapSearchSchema.parse(searchOfMapSettings(settings)))).toEqual(settings)
  })

  test('what makes no sense in a link is as usual', () => {
    const search = mapSearchSchema.parse({ neighbours: '1', spread: 'x', seed: '-4', method: 'tsne', at: '1,2' })
    expect(mapSettingsOf(search)).toEqual(defaultMapSettings)
    expect(cameraOfWord(search.at)).toBeNull()
    expect(cameraOfWord('0,0,-1')).toBeNull()
  })

  test('colours, places and what is looked for come back from their words', () => {
    const probe = mapProbeOf(mapSearchSchema.parse({ q: 'a-1', by: 'record' }))
    expect(probe).toEqual({ kind: 'record', id: 'a-1' })
    const colours: MapColour[] = [
      { by: 'metadata', key: 'key:odd' },
      { by: 'cluster' },
      { by: 'duplicates' },
      { by: 'entryThreshold', source: { from: 'sample' }, sources: ['human', 'log'] },
      { by: 'similarity', probe: probe ?? { kind: 'record', id: '' } },
    ]
    for (const colour of colours) expect(colourOfWord(colourWord(colour), { probe, evidence: { from: 'sample' } })).toEqual(colour)
    expect(colourOfWord('similarity', { probe: null, evidence: null })).toBeNull()
    expect(colourOfWord('entryThreshold', { probe, evidence: null })).toBeNull()
    const camera = { x: -1.25, y: 1e-3, span: 12.5 }
    expect(cameraOfWord(cameraWord(camera))).toEqual(camera)
  })
})

test('clusters are named by two words, by three where two are shared, and reach as far as nearly all of their points', () => {
  const members = Int32Array.from({ length: 200 }, (_, point) => (point < 100 ? 0 : point < 199 ? 1 : -1))
  // The first point of the first cluster lies far away from the others.
  const positions = Float32Array.from({ length: 400 }, (_, at) => (at < 2 ? 90 : at < 200 ? 1 + (at % 7) / 7 : -1))
  const named = { x: 0, y: 0, count: 100 }
  const labels = clusterLabels(
    [
      { ...named, words: ['due', 'date', 'send'] },
      { ...named, words: ['due', 'date', 'late'] },
      { ...named, words: [] },
    ],
    members,
    positions,
  )
  expect(labels.map(({ text }) => text)).toEqual(['due · date · send', 'due · date · late'])
  expect(labels[0]?.extent?.maxX).toBeLessThan(3)
  expect(labels[1]?.extent).toEqual({ minX: -1, maxX: -1, minY: -1, maxY: -1 })
  expect(clusterLabels([{ ...named, words: ['due', 'date', 'send'] }], members, positions).map(({ text }) => text)).toEqual(['due · date'])
})

test('of a point’s true neighbours those are near on the map that no more others than neighbours are nearer than', () => {
  const along = [0, 1, 2, 3, 4, 10, Number.NaN]
  const positions = Float32Array.from(along.flatMap((x) => [x, 0]))
  expect(nearOnMap(positions, 0, [1, 2, 3])).toBe(3)
  expect(nearOnMap(positions, 0, [1, 4, 5])).toBe(1)
  expect(nearOnMap(positions, 5, [0])).toBe(0)
  expect(nearOnMap(positions, 0, [1, 6])).toBe(1)
  expect(nearOnMap(positions, 6, [0])).toBeNull()
  expect(nearOnMap(positions, 0, [])).toBeNull()
})
