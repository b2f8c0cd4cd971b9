import type { MetadataValue } from '../../shared/domain/metadata.ts'
import { testEngines } from './engines.ts'
import { defaultDatabase } from './generate-store.ts'

interface Episode {
  readonly id: string
  readonly document: string | null
  readonly metadata: readonly (readonly [string, MetadataValue])[]
}

/** Noon UTC, so that a day is the same day in most time zones. */
const start = Date.UTC(2026, 2, 1, 12)

function episode(id: string, document: string | null, user: string | null, session: string | null, minute: number): Episode {
  const metadata = [
    ...(user === null ? [] : [['user_id', user] as const]),
    ...(session === null ? [] : [['session_id', session] as const]),
    ['occurred_at', new Date(start + minute * 60_000).toISOString()] as const,
  ]
  return { id, document, metadata }
}

function episodes(longSession: number): Episode[] {
  return [
    ...Array.from({ length: longSession }, (_, at) =>
      episode(`long-${at}`, `User: question ${at}\nAssistant: answer ${at}`, 'usr_long', 'ses_long', at),
    ),
    episode('loner-0', 'User: no session\nAssistant: none at all', 'usr_loner', null, 10),
    episode('loner-1', 'User: a day later\nAssistant: still none', 'usr_loner', null, 10 + 24 * 60),
    episode('wordy-0', `User: ${'very long '.repeat(2000)}\nAssistant: short`, 'usr_wordy', 'ses_wordy', 20),
    episode('wordy-1', null, 'usr_wordy', 'ses_wordy', 21),
    episode('hostile-0', 'User: <img src=x onerror=alert(1)>\u202e reversed\nAssistant: # no heading', 'usr_<b>\u202e', 'ses_<i>', 30),
    episode('nobody-0', 'User: who am I\nAssistant: nobody', null, 'ses_nobody', 40),
  ]
}

/**
 * Makes a store with a collection `episodes` of chat memory and an empty one called `chat_history`. There are a user `usr_long` with
 * `longSession` episodes in one session, one without sessions, a long text, a hostile one, and an episode of nobody. False where no
 * engine runs here, which is said in a printed line.
 */
export async function makeChatStore(directory: string, longSession: number): Promise<boolean> {
  const [engine] = await testEngines()
  if (!engine) {
    console.log('Skipped: no engine runs here to make a store with.')
    return false
  }
  const engines = await engine.create()
  try {
    const { api } = await engines.start(directory, { create: true, kind: engine.kind })
    const { id } = await api.createCollection(defaultDatabase, { name: 'episodes', space: 'cosine', metadata: null })
    await api.createCollection(defaultDatabase, { name: 'chat_history', space: 'cosine', metadata: null })
    const all = episodes(longSession)
    for (let at = 0; at < all.length; at += 2000) {
      const batch = all.slice(at, at + 2000)
      await api.add(
        { ...defaultDatabase, id },
        {
          ids: batch.map((each) => each.id),
          embeddings: batch.map((_, place) => Float32Array.of(1, at + place)),
          documents: batch.map(({ document }) => document),
          metadatas: batch.map(({ metadata }) => new Map(metadata)),
        },
      )
    }
    await api.settled()
  } finally {
    await engines.close()
  }
  return true
}
