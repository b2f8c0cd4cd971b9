import { floatText, javascriptString, jsonInAscii, shellWord } from './literals.ts'
import { commented, serverNotes, serverUrl, vectorNote } from './program-parts.ts'
import type { ProgramFacts } from './program.ts'

function token({ place }: ProgramFacts): string[] {
  if (place.kind === 'cloud') return [`  -H "x-chroma-token: $CHROMA_API_KEY" \\`]
  return []
}

function origin(facts: ProgramFacts): string[] {
  const { query } = facts
  if (query.kind === 'record') return [`The vector of the record ${javascriptString(query.id)}.`]
  if (query.kind === 'text') return [`The vector of ${javascriptString(query.text)}, made by ${javascriptString(query.embedder)}.`]
  return vectorNote(facts, javascriptString)
}

/** The search as a call of Chroma's HTTP API, for sh, bash and zsh. */
export function curlProgram(facts: ProgramFacts): string {
  const { tenant, database, collection, query, nResults, where, whereDocument, notes, place } = facts
  const { href } = serverUrl(facts)
  const segments = ['tenants', tenant, 'databases', database, 'collections', collection.id].map(encodeURIComponent)
  const url = `${href.replace(/\/+$/, '')}/api/v2/${segments.join('/')}/query`
  const body = [
    `"query_embeddings":[[${Array.from(query.vector, floatText).join(',')}]]`,
    `"n_results":${nResults}`,
    ...(where === null ? [] : [`"where":${jsonInAscii(where)}`]),
    ...(whereDocument === null ? [] : [`"where_document":${jsonInAscii(whereDocument)}`]),
    '"include":["documents","metadatas","distances"]',
  ]
  return [
    ...commented(
      [
        ...serverNotes(facts),
        ...notes,
        ...origin(facts),
        ...(place.kind === 'server' ? ['Where the server asks for a token, add  -H "x-chroma-token: $CHROMA_TOKEN".'] : []),
      ],
      '#',
    ),
    `curl --fail-with-body -sS -X POST ${shellWord(url)} \\`,
    "  -H 'Content-Type: application/json' \\",
    ...token(facts),
    `  --data-raw ${shellWord(`{${body.join(',')}}`)}`,
    '',
  ].join('\n')
}
