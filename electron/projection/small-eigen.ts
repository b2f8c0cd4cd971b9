const mostSweeps = 60

/**
 * Eigenvalues, greatest first, and eigenvectors of a small symmetric matrix by the cyclic Jacobi method (Golub and Van Loan,
 * "Matrix Computations", 8.5).
 * @param matrix size x size; not changed
 */
export function symmetricEigen(matrix: readonly (readonly number[])[]): { values: number[]; vectors: number[][] } {
  const size = matrix.length
  const a = matrix.map((row) => [...row])
  const v = matrix.map((_, row) => matrix.map((_unused, column) => (row === column ? 1 : 0)))
  const at = (rows: readonly (readonly number[])[], row: number, column: number): number => rows[row]?.[column] ?? 0
  const rotate = (rows: number[][], row: number, p: number, q: number, cosine: number, sine: number): void => {
    const target = rows[row]
    if (!target) return
    const [first, second] = [target[p] ?? 0, target[q] ?? 0]
    target[p] = cosine * first - sine * second
    target[q] = sine * first + cosine * second
  }
  for (let sweep = 0; sweep < mostSweeps; sweep += 1) {
    let [off, diagonal] = [0, 0]
    for (let p = 0; p < size; p += 1) {
      diagonal += at(a, p, p) ** 2
      for (let q = p + 1; q < size; q += 1) off += at(a, p, q) ** 2
    }
    if (off <= 1e-30 * diagonal) break
    for (let p = 0; p < size; p += 1) {
      for (let q = p + 1; q < size; q += 1) {
        const between = at(a, p, q)
        if (between === 0) continue
        const theta = (at(a, q, q) - at(a, p, p)) / (2 * between)
        const tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const cosine = 1 / Math.sqrt(tangent * tangent + 1)
        const sine = tangent * cosine
        for (let row = 0; row < size; row += 1) rotate(a, row, p, q, cosine, sine)
        const [rowP, rowQ] = [a[p] ?? [], a[q] ?? []]
        for (let column = 0; column < size; column += 1) {
          const [first, second] = [rowP[column] ?? 0, rowQ[column] ?? 0]
          rowP[column] = cosine * first - sine * second
          rowQ[column] = sine * first + cosine * second
        }
        for (let row = 0; row < size; row += 1) rotate(v, row, p, q, cosine, sine)
      }
    }
  }
  const order = a.map((_, place) => place).toSorted((first, second) => at(a, second, second) - at(a, first, first))
  return { values: order.map((place) => at(a, place, place)), vectors: order.map((place) => v.map((row) => row[place] ?? 0)) }
}
