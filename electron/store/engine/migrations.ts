/** Migrations of Chroma's SQLite file, as its table `migrations` records them: `dir/version` and the MD5 of the SQL. */
const firstSixteen = {
  'embeddings_queue/1': 'd3755dfd232be8e8301f4d7fcfb3a486',
  'embeddings_queue/2': '8fbfe4ffb3e57f1d8bfdc58510a82e85',
  'metadb/1': '2b4cf52c4bb2676e21d6860a4409f856',
  'metadb/2': '12a570f7121b3a8ce750a2a7c36da20f',
  'metadb/3': 'f97ad6334aeaa8f419f01110b648b97a',
  'metadb/4': 'fb36603a45ee2cd0254cef3ef86585e8',
  'metadb/5': '0e9de46758761b373ce682925edcc326',
  'sysdb/1': '38352d725ad1c16074fac420b22b4633',
  'sysdb/2': '2913cb6a503055a95f625448037e8912',
  'sysdb/3': '42d22d0574d31d419c2a0e7f625c93aa',
  'sysdb/4': '048867ce8fcdefe4023c7110e4433591',
  'sysdb/5': 'b1367c826b8fba5f96f27befdc1d42d2',
  'sysdb/6': '4eea7468935bf25d4604a0fed2366116',
  'sysdb/7': '1c7e63bba346a42a18b6ab7f1c989bed',
  'sysdb/8': '0a0e7e93111a01789addf64961c6127c',
  'sysdb/9': '054355aef9e63702bf54ea29e61563f1',
} as const

const chroma10: ReadonlyMap<string, string> = new Map(Object.entries(firstSixteen))
const chroma13: ReadonlyMap<string, string> = new Map([
  ...chroma10,
  ['metadb/6', 'e026f01ea92c1baa1493f4ad5ca7cfe7'],
  ['sysdb/10', '5c3a5ac4b79df76799b4721827ed5e1d'],
])

/** The newest set of migrations known here, that of Chroma 1.3 and later. */
export const knownMigrations = chroma13

/**
 * Migrations an engine has, by the version its command line tells ("1.4.4"); null where that is not known for certain.
 * The command line of Chroma 1.0 says 1.0.x or 1.1.x; that of Chroma 1.3 says 1.4.
 */
export function migrationsOfEngine(version: string | null): ReadonlyMap<string, string> | null {
  const match = /^(\d+)\.(\d+)\./.exec(version ?? '')
  if (!match) return null
  const [major, minor] = [Number(match[1]), Number(match[2])]
  if (major !== 1) return null
  if (minor === 0) return chroma10
  return minor === 4 ? chroma13 : null
}
