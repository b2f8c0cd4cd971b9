import { type Sqlite, textOf, wholeNumber } from './sqlite.ts'

/** Which versions of Chroma leave a database with these migrations, from Chroma's release history; null where there are none. */
export function readFormatVersion(database: Sqlite): string | null {
  const versions = new Map(
    database
      .rows('SELECT CAST(dir AS BLOB) dir, max(version) AS version FROM migrations GROUP BY dir')
      .map((row) => [textOf(row['dir']), wholeNumber(row['version']) ?? 0]),
  )
  const system = versions.get('sysdb')
  const metadata = versions.get('metadb') ?? 0
  if (system === undefined) return null
  if (system >= 10) return metadata >= 6 ? '1.3 or later' : '1.1 to 1.2'
  if (system === 9) return metadata >= 5 ? '1.0' : '0.5.6 to 0.6'
  if (system >= 5) return '0.5.0 to 0.5.5'
  return system === 4 ? '0.4.15 to 0.4.24' : '0.4.0 to 0.4.14'
}
