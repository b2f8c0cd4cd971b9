import type { Bounds } from './bounds.ts'
import type { Camera, Insets } from './camera.ts'

/** Bits of a point's state; they may be combined. */
export const pointState = {
  /** Chosen by the person: in colour, above the rest, while everything that is neither selected nor highlighted turns grey. */
  selected: 1,
  /** Set back: grey and below the others, but still there, such as what a filter leaves out. */
  dimmed: 2,
  /** Lit: in colour, larger and above the rest, such as what a search finds or a similarity threshold lets through. */
  highlighted: 4,
  /** Without what the colours tell: in its own colour, but below those that have it. */
  unvalued: 8,
} as const

/** A colour for each of n points: 4n bytes red, green, blue, alpha; or n codes into a palette of such colours. */
export type ScatterColours =
  | { readonly kind: 'rgba'; readonly values: Uint8Array }
  | { readonly kind: 'palette'; readonly codes: Uint8Array | Uint16Array; readonly palette: Uint8Array }

/** Something on the plane that is no point, such as the place of a query. */
export interface ScatterMarker {
  readonly x: number
  readonly y: number
  readonly text?: string
  /** A CSS colour. */
  readonly colour: string
  /** A cross for what was placed, a ring around a point that is there. */
  readonly shape: 'cross' | 'ring'
}

export interface ScatterLabel {
  /** It is shown while this place is in view. */
  readonly x: number
  readonly y: number
  readonly text: string
  /** Where two do not fit, the one with more weight stays. */
  readonly weight: number
  /** What it names: the text stands above, beneath or beside it, wherever it hides least; on `x` and `y` where absent. */
  readonly extent?: Bounds
}

/** CSS colours of everything that has no colour of its own. */
export interface ScatterTheme {
  readonly background: string
  /** Of points that are set back. */
  readonly grey: string
  readonly line: string
  readonly text: string
  /** Of the pointed-at point, the focus, the box and the lasso. */
  readonly accent: string
}

/** What the colours of a picture mean, written at its upper left. */
export interface PictureKey {
  readonly title: string
  /** A line for each colour. */
  readonly entries: readonly { readonly text: string; readonly count: string; readonly colour: string }[]
  /** CSS colours at equal distances, with what stands at their ends and in the middle. */
  readonly ramp: {
    readonly colours: readonly string[]
    readonly from: string
    readonly middle: string | null
    readonly to: string
  } | null
  readonly notes: readonly string[]
}

export type ScatterTool = 'pan' | 'box' | 'lasso'

/** Shift adds to what is selected, Alt takes away from it, neither replaces it. */
export type SelectMode = 'replace' | 'add' | 'subtract'

export interface ScatterModifiers {
  readonly shift: boolean
  readonly alt: boolean
  /** Ctrl, or Command on a Mac. */
  readonly mod: boolean
}

/** CSS pixels from the upper left corner of the view. */
export interface ScreenPosition {
  readonly x: number
  readonly y: number
}

/**
 * Everything the view draws and tells. Arrays are compared by identity: a change is a new array, and an array that was handed
 * over is not written to any more. Points are named by their index, 0 to n - 1.
 */
export interface ScatterProps {
  /** Name of the picture for screen readers, such as "Map of 1,712 records". */
  readonly label: string
  /** 2n numbers x, y of any range, y upwards; a point with one that is not finite is not placed. A new array of as many points is moved to. */
  readonly positions: Float32Array
  readonly colours: ScatterColours
  /** n factors of the size that suits the number of points and the zoom; 1 where absent. */
  readonly sizes?: Float32Array
  /** n bytes of `pointState`; 0 where absent. */
  readonly state?: Uint8Array
  /** Factor of all sizes, 0.25 to 4. */
  readonly pointScale?: number
  readonly markers?: readonly ScatterMarker[]
  /** 2m indices: m lines, each between two points. */
  readonly lines?: Uint32Array
  readonly labels?: readonly ScatterLabel[]
  /** What of the view is covered: everything placed is shown beside it, and no label is beneath it. */
  readonly insets?: Insets
  /** The point that is open elsewhere, drawn with a ring. */
  readonly focused?: number | null
  readonly theme: ScatterTheme
  /** Where absent the view keeps its own; null shows everything placed and follows it while a layout settles. */
  readonly camera?: Camera | null
  readonly tool: ScatterTool
  /** Called when the view has come to rest somewhere else by the person's doing; null after a fit. */
  readonly onCameraChange?: (camera: Camera | null) => void
  /** The point under the pointer and where it is drawn, or null and null. */
  readonly onHover?: (index: number | null, at: ScreenPosition | null) => void
  /** A click or Enter; null where there is no point. */
  readonly onClick?: (index: number | null, modifiers: ScatterModifiers) => void
  /** What the box or the lasso holds, in ascending order. */
  readonly onSelect?: (indices: Int32Array, mode: SelectMode) => void
  /** True when every placed point is drawn and nothing moves; false when that ends. */
  readonly onSettled?: (isSettled: boolean) => void
  /** Every frame drawn: of how many points, and whether these are all. For measuring. */
  readonly onDrawn?: (points: number, isComplete: boolean) => void
}

/** What can be asked of the view from outside, by its ref. */
export interface ScatterHandle {
  /** Shows everything that is placed. */
  fit(): void
  /** Shows these points; does nothing where none of them is placed. */
  zoomTo(indices: ArrayLike<number>): void
  /** The view as it would be at rest, with background and labels. `scale` is image pixels per CSS pixel, 0.5 to 4. Rejects before there is a view, without WebGL 2. */
  toPNG(scale: number, key?: PictureKey | null): Promise<Blob>
  /** The view as vectors; above 100,000 points these are one picture in it. Rejects as toPNG does. */
  toSVG(key?: PictureKey | null): Promise<string>
}
