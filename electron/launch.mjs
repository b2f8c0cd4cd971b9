/**
 * What `npm start` runs: installs from the lockfile and builds where that is needed, then opens the app in Electron,
 * or in the browser where Electron cannot be used. Plain JavaScript without dependencies, since nothing may be installed yet.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const suits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22

if (suits) {
  const { launch } = await import('./launch/launch.mjs')
  process.exitCode = await launch()
} else {
  const found = `This is Node ${process.versions.node}, and Mnemoscope needs Node 20.19 or later (of Node 22: 22.12 or later).`
  process.stderr.write(`${found}\nInstall a current version from nodejs.org, or with your version manager, and run npm start again.\n`)
  process.exitCode = 1
}
