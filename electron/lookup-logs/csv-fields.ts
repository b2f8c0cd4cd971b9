const delimiters = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof delimiters)[number]

/** The character that parts the header's names: the one that stands in it most often outside quotes. */
export function delimiterOf(header: string): Delimiter {
  const bare = header.replaceAll(/"[^"]*"/g, '')
  const counted = delimiters.map((delimiter) => ({ delimiter, count: bare.split(delimiter).length }))
  return counted.reduce((best, each) => (each.count > best.count ? each : best)).delimiter
}

/** Whether a quoted field goes on in the next line. */
export function endsInsideQuotes(text: string): boolean {
  let quotes = 0
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) quotes += 1
  return quotes % 2 === 1
}

/** The fields of one row of CSV, as RFC 4180 writes them: doubled quotes inside quotes stand for one. */
export function csvFields(row: string, delimiter: Delimiter): string[] {
  if (!row.includes('"')) return row.split(delimiter)
  const fields: string[] = []
  let at = 0
  for (;;) {
    let field = ''
    if (row[at] === '"') {
      at += 1
      for (;;) {
        const quote = row.indexOf('"', at)
        if (quote === -1) {
          field += row.slice(at)
          at = row.length
          break
        }
        field += row.slice(at, quote)
        at = quote + 1
        if (row[at] !== '"') break
        field += '"'
        at += 1
      }
    }
    const end = row.indexOf(delimiter, at)
    field += row.slice(at, end === -1 ? row.length : end)
    fields.push(field)
    if (end === -1) return fields
    at = end + 1
  }
}
