export interface EngineConfig {
  readonly address: string
  readonly port: number
  readonly directory: string
  /** `validate` refuses a store that this engine would change; `apply` migrates it or makes a new one. */
  readonly migrations: 'validate' | 'apply'
  /** How the store's own migrations are hashed. */
  readonly hashType: 'md5' | 'sha256'
}

/** The YAML file of `chroma run`. Strings are written as JSON, which YAML 1.2 reads unchanged. No CORS, no reset. */
export function engineConfigText(config: EngineConfig): string {
  return [
    `port: ${config.port}`,
    `listen_address: ${JSON.stringify(config.address)}`,
    `persist_path: ${JSON.stringify(config.directory)}`,
    'allow_reset: false',
    'sqlitedb:',
    `  hash_type: ${config.hashType}`,
    `  migration_mode: ${config.migrations}`,
    '',
  ].join('\n')
}
