import type { Metadata } from '../../shared/domain/metadata.ts'
import { accountIntents } from './account-intents.ts'
import { billingIntents } from './billing-intents.ts'
import { fill, type Intent } from './intent.ts'
import { people, type Person } from './people.ts'
import { productIntents } from './product-intents.ts'
import { createRandom, type Random } from './random.ts'
import { isoTime, stableHex, type SampleRecord } from './sample-record.ts'
import { referenceTime } from './support-cache.ts'
import type { SampleTruth } from './truth.ts'

export interface ChatMemory {
  readonly episodes: readonly SampleRecord[]
  readonly facts: readonly SampleRecord[]
  readonly truth: SampleTruth['facts']
}

const episodeCount = 600
const day = 86_400_000
const intents: readonly Intent[] = [...billingIntents, ...productIntents, ...accountIntents]

interface Statement {
  readonly category: string
  readonly key: string
  readonly said: string
  readonly fact: string
}

/** What a person lets drop in a conversation, and the fact that is kept of it. */
function statements(person: Person): Statement[] {
  const { name, company, city, trade, plan, users, tool, format, role, language } = person
  const first = name.split(' ')[0] ?? name
  return [
    {
      category: 'company',
      key: 'company',
      said: `I work for ${company}, we do ${trade} in ${city}.`,
      fact: `${first} works for ${company}, which does ${trade} in ${city}.`,
    },
    { category: 'role', key: 'role', said: `I am the ${role} here.`, fact: `${first} is the ${role} at ${company}.` },
    { category: 'plan', key: 'plan', said: `We are on the ${plan} plan.`, fact: `${company} is on the ${plan} plan.` },
    {
      category: 'company',
      key: 'users',
      said: `There are ${users} of us in Ledgerly.`,
      fact: `${company} has ${users} users in Ledgerly.`,
    },
    { category: 'tools', key: 'tool', said: `Everything else of ours runs on ${tool}.`, fact: `${company} uses ${tool} beside Ledgerly.` },
    {
      category: 'preference',
      key: 'format',
      said: `I always need things as ${format}, please.`,
      fact: `${first} prefers exports as ${format}.`,
    },
    {
      category: 'preference',
      key: 'language',
      said: `If possible write the summary in ${language}.`,
      fact: `${first} likes summaries in ${language}.`,
    },
    {
      category: 'preference',
      key: 'length',
      said: 'Keep it short, I read this between two meetings.',
      fact: `${first} prefers short answers.`,
    },
    {
      category: 'schedule',
      key: 'closing',
      said: 'Our year ends in June, not in December.',
      fact: `The financial year of ${company} ends in June.`,
    },
  ]
}

const thanks = [
  'Thanks, that worked.',
  'Perfect, found it.',
  'Hm, I do not see that button.',
  'It still does not work on my side.',
  'Great, one more thing then.',
]
const followUps = [
  'Good to hear. Is there anything else?',
  'The button shows up only for owners and administrators. Ask one of them, or have the role changed under Settings > Users.',
  'Reload the page once, please; the setting reaches an open window after a minute. If it stays like this, a ticket with the time of the try helps.',
  'Sure, go ahead.',
]

interface Episode {
  readonly topic: string
  readonly input: string
  readonly output: string
  readonly statement: Statement | null
}

function episode(person: Person, pending: Statement[], turn: number, random: Random): Episode {
  if (turn > 0 && random.chance(0.2))
    return { topic: 'follow-up', input: random.pick(thanks), output: random.pick(followUps), statement: null }
  const intent = random.pick(intents)
  const values = random.pick(intent.cases ?? [{}])
  const question = fill(random.pick(intent.questions), values)
  const answer = fill(intent.answer, values)
  const statement = pending.length > 0 && random.chance(0.45) ? (pending.shift() ?? null) : null
  const greeting = turn === 0 ? `${random.pick(['Hi', 'Hello', 'Good morning', 'Hi again'])}, ` : ''
  const input = statement === null ? `${greeting}${question}` : `${greeting}${statement.said} ${question}`
  const output =
    statement === null ? answer : `${random.pick(['Noted', 'Good to know', 'Thank you'])}, ${person.name.split(' ')[0]}. ${answer}`
  return { topic: intent.topic, input, output, statement }
}

function factRecord(user: string, statement: Statement, fact: string, at: number, episodeId: string, confidence: number): SampleRecord {
  return {
    id: `fact_${stableHex(`${user} ${fact} ${at}`)}`,
    document: fact,
    metadata: new Map<string, string | bigint | number | boolean>([
      ['user_id', user],
      ['category', statement.category],
      ['attribute', statement.key],
      ['confidence', confidence],
      ['learned_at', isoTime(at)],
      ['source_episode', episodeId],
      ['active', true],
    ]),
  }
}

/** What changed later: the plan that a company is on, or how its people like to get files. */
function changed(person: Person, statement: Statement): Statement | null {
  if (statement.key === 'plan') {
    const next = person.plan === 'Starter' ? 'Team' : person.plan === 'Team' ? 'Business' : 'Enterprise'
    if (next === person.plan) return null
    return { ...statement, said: `We moved to the ${next} plan last week.`, fact: `${person.company} is on the ${next} plan.` }
  }
  if (statement.key !== 'users') return null
  const users = person.users + 7
  return { ...statement, said: `We are ${users} people in Ledgerly now.`, fact: `${person.company} has ${users} users in Ledgerly.` }
}

/** Changes of what is known of a person that have not happened yet. */
function possibleChanges(person: Person, user: string, learned: ReadonlyMap<string, { statement: Statement }>): Statement[] {
  return ['plan', 'users'].flatMap((key) => {
    const known = learned.get(`${user} ${key}`)
    const next = known === undefined ? null : changed(person, known.statement)
    return next === null || next.fact === known?.statement.fact ? [] : [next]
  })
}

/** The same fact in other words, as a model writes it down a second time. */
function reworded(statement: Statement): string {
  return statement.fact
    .replace(' prefers exports as ', ' prefers to get exports as ')
    .replace(' uses ', ' is using ')
    .replace(' works for ', ' is working for ')
}

/** Two to six episodes each, as many sessions as make up all episodes, over half a year. */
function sessions(random: Random): { start: number; turns: number }[] {
  const lengths: number[] = []
  for (let rest = episodeCount; rest > 0; rest -= lengths.at(-1) ?? rest) lengths.push(Math.min(rest, random.between(2, 6)))
  const starts = lengths.map(() => referenceTime - day - Math.floor(random.next() * 180 * 86_400) * 1000)
  return starts.toSorted((a, b) => a - b).map((start, index) => ({ start, turns: lengths[index] ?? 2 }))
}

/** What the assistant remembers: 600 episodes of two dozen people over their sessions, and the facts drawn from them. */
export function makeChatMemory(): ChatMemory {
  const random = createRandom(600)
  const members = people.map((person) => ({ person, user: `usr_${stableHex(person.name).slice(0, 8)}`, pending: statements(person) }))
  const episodes: SampleRecord[] = []
  const facts: SampleRecord[] = []
  const learned = new Map<string, { record: SampleRecord; statement: Statement }>()
  const truth: { duplicates: [string, string][]; superseded: [string, string][] } = { duplicates: [], superseded: [] }

  function learn(user: string, statement: Statement, at: number, episodeId: string): void {
    const known = learned.get(`${user} ${statement.key}`)
    const record = factRecord(user, statement, statement.fact, at, episodeId, Math.round((0.7 + random.next() * 0.3) * 100) / 100)
    facts.push(record)
    learned.set(`${user} ${statement.key}`, { record, statement })
    if (known === undefined) return
    known.record.metadata.set('active', false)
    known.record.metadata.set('superseded_by', record.id)
    truth.superseded.push([known.record.id, record.id])
  }

  for (const [number, { start, turns }] of sessions(random).entries()) {
    const { person, user, pending } = random.pick(members)
    const session = `ses_${stableHex(`${number} ${user}`).slice(0, 12)}`
    const change = random.chance(0.2) ? possibleChanges(person, user, learned)[0] : undefined
    if (change !== undefined) pending.unshift(change)
    let time = start
    for (let turn = 0; turn < turns; turn++) {
      const { topic, input, output, statement } = episode(person, pending, turn, random)
      const id = `ep_${stableHex(`${session} ${turn}`)}`
      const metadata: Metadata = new Map<string, string | bigint | number | boolean>([
        ['user_id', user],
        ['user_name', person.name],
        ['session_id', session],
        ['turn', BigInt(turn)],
        ['occurred_at', isoTime(time)],
        ['topic', topic],
        ['channel', person.channel],
        ['input', input],
        ['output', output],
      ])
      episodes.push({ id, document: `User: ${input}\nAssistant: ${output}`, metadata })
      if (statement !== null) learn(user, statement, time, id)
      time += random.between(20, 400) * 1000
    }
  }
  for (const { record, statement } of random.shuffled([...learned.values()]).slice(0, 18)) {
    const user = String(record.metadata.get('user_id'))
    const at = Math.min(referenceTime, Date.parse(String(record.metadata.get('learned_at'))) + random.between(1, 30) * day)
    const copy = factRecord(user, statement, reworded(statement), at, String(record.metadata.get('source_episode')), 0.6)
    facts.push(copy)
    truth.duplicates.push([record.id, copy.id])
  }
  const learnedAt = ({ metadata }: SampleRecord): string => String(metadata.get('learned_at'))
  return { episodes, facts: facts.toSorted((a, b) => (learnedAt(a) < learnedAt(b) ? -1 : 1)), truth }
}
