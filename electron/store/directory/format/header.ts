/** The header of an hnswlib index, format version 1, as Chroma writes it. */
export interface IndexHeader {
  readonly version: number
  /** Slots that data_level0.bin has room for. */
  readonly capacity: number
  /** Slots in use, deleted ones included. */
  readonly count: number
  /** Bytes of one slot, and where in it the vector and the label are. */
  readonly elementSize: number
  readonly vectorOffset: number
  readonly labelOffset: number
  readonly maxLevel: number
  readonly entryPoint: number
  readonly maxM: number
  readonly maxM0: number
  readonly m: number
  readonly efConstruction: number
}

export const headerLength = 100

/**
 * Reads header.bin, little-endian `<iQQQQQQiIQQQdQ`; see saveIndex() in hnswlib's hnswalg.h.
 * Values are taken as they are: numbers of a damaged file may be anything. Null where the file is too short.
 */
export function parseHeader(bytes: Buffer): IndexHeader | null {
  if (bytes.length < headerLength) return null
  const long = (at: number): number => Number(bytes.readBigUInt64LE(at))
  return {
    version: bytes.readInt32LE(0),
    capacity: long(12),
    count: long(20),
    elementSize: long(28),
    labelOffset: long(36),
    vectorOffset: long(44),
    maxLevel: bytes.readInt32LE(52),
    entryPoint: bytes.readUInt32LE(56),
    maxM: long(60),
    maxM0: long(68),
    m: long(76),
    efConstruction: long(92),
  }
}

/** Where things are in the slots of data_level0.bin. */
export interface SlotLayout {
  readonly elementSize: number
  readonly vectorOffset: number
  readonly labelOffset: number
  /** Numbers in one vector. */
  readonly dimension: number
  /** Slots that may hold something: never more than the file has. */
  readonly count: number
}

/** What is wrong with a header, in a few words; null where it agrees with itself. */
export function headerProblem(header: IndexHeader | null): string | null {
  if (!header) return 'it is too short'
  if (header.version !== 1) return `its format version is ${header.version}, not 1`
  const vectorBytes = header.labelOffset - header.vectorOffset
  if (!(vectorBytes > 0 && vectorBytes % 4 === 0 && vectorBytes <= 4 * 1_000_000)) return 'the place of the label is impossible'
  if (header.elementSize !== header.labelOffset + 8) return 'the size of an element is impossible'
  if (header.vectorOffset !== 4 + 4 * header.maxM0) return 'the place of the vector is impossible'
  if (!(header.count <= header.capacity)) return 'it counts more elements than there is room for'
  if (header.count > 0 && header.entryPoint >= header.count) return 'its entry point does not exist'
  return null
}

/**
 * Where to find vectors, from the header where it can be believed, else from the dimension and the number of neighbours.
 * @param dataSize bytes of data_level0.bin
 * @param neighbours M of the index, 16 unless configured otherwise
 * @returns null where not even the dimension is known
 */
export function slotLayout(header: IndexHeader | null, dataSize: number, dimension: number | null, neighbours: number): SlotLayout | null {
  if (header) {
    const vectorBytes = header.labelOffset - header.vectorOffset
    const isConsistent =
      vectorBytes > 0 &&
      vectorBytes % 4 === 0 &&
      vectorBytes <= 4_000_000 &&
      header.elementSize === header.labelOffset + 8 &&
      header.vectorOffset >= 4 &&
      header.vectorOffset % 4 === 0
    if (isConsistent) {
      const { elementSize, vectorOffset, labelOffset } = header
      const held = Math.floor(dataSize / elementSize)
      return { elementSize, vectorOffset, labelOffset, dimension: vectorBytes / 4, count: Math.min(held, header.count) }
    }
  }
  if (dimension === null || dimension < 1 || dimension > 1_000_000) return null
  const vectorOffset = 4 + 8 * neighbours
  const labelOffset = vectorOffset + 4 * dimension
  const elementSize = labelOffset + 8
  return { elementSize, vectorOffset, labelOffset, dimension, count: Math.floor(dataSize / elementSize) }
}
