/** Resolve hook: whoever imports electron gets a stand-in; each start of main.js, told apart by its query, one of its own. */
const standIn = new URL('./electron-stand-in.mjs', import.meta.url).href

/** @type {import('node:module').ResolveHook} */
export const resolve = async (specifier, context, nextResolve) =>
  specifier === 'electron'
    ? { url: standIn + new URL(context.parentURL ?? 'file:///').search, shortCircuit: true }
    : nextResolve(specifier, context)
