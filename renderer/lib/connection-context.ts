import { createContext } from 'react'

/** The connection whose page is shown; null on pages of none. */
export const ConnectionContext = createContext<string | null>(null)
