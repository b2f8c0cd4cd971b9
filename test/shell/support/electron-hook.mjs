/** Resolve hook: whoever imports electron gets the stand-in. */
const standIn = new URL('./electron-stand-in.mjs', import.meta.url).href

/** @type {import('node:module').ResolveHook} */
export const resolve = async (specifier, context, nextResolve) =>
  specifier === 'electron' ? { url: standIn, shortCircuit: true } : nextResolve(specifier, context)
