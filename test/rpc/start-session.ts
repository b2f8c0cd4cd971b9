import { startApp, type AppSession, type RunningApp } from '../support/app.ts'

export const json = { 'Content-Type': 'application/json' }

export interface StartedSession {
  readonly app: RunningApp
  readonly session: AppSession
  /** The host that the page is on. */
  readonly host: string
  /** Headers of a request of that session, with others added or in their place. */
  withSession(headers?: Record<string, string>): Record<string, string>
}

/** Browser mode with one session in it. */
export async function startSession(): Promise<StartedSession> {
  const app = await startApp()
  const session = await app.newSession()
  return {
    app,
    session,
    host: `127.0.0.1:${app.port}`,
    withSession: (headers = {}) => ({ ...json, Cookie: session.cookie, 'X-Mnemoscope-Session': session.key, ...headers }),
  }
}
