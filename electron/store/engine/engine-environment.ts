/** What a program needs to find itself, its libraries and a place for temporary files; nothing that opens other doors. */
const passed = [
  'PATH',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'TMP',
  'TEMP',
  'LD_LIBRARY_PATH',
  'NIX_LD',
  'NIX_LD_LIBRARY_PATH',
  'SystemRoot',
  'SystemDrive',
  'windir',
  'ComSpec',
  'PATHEXT',
  'NUMBER_OF_PROCESSORS',
  'PROCESSOR_ARCHITECTURE',
]
const home = ['HOME', 'USER', 'LOGNAME', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA']

/**
 * Environment of an engine process: an allow-list, so that no API key, cloud credential, proxy or
 * Chroma setting of the person's shell reaches it. `withHome` is for commands outside the app, such as a
 * Python environment, that need the home directory to find their packages.
 */
export function engineEnvironment(source: NodeJS.ProcessEnv, withHome: boolean): Record<string, string> {
  const environment: Record<string, string> = { ANONYMIZED_TELEMETRY: 'False', RUST_BACKTRACE: '0' }
  for (const name of withHome ? [...passed, ...home] : passed) {
    const value = source[name]
    if (value !== undefined) environment[name] = value
  }
  return environment
}
