import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import { App } from './app.tsx'
import { applyRememberedTheme } from './lib/use-theme.ts'
import './theme.css'

// The content security policy forbids compiling code, which zod otherwise tries first.
z.config({ jitless: true })
applyRememberedTheme()

const root = document.getElementById('root')
if (!root) throw new Error('The page has no element with the id root.')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
