import { floatText, javascriptString, jsonInAscii, shellWord } from './literals.ts'
import { commented, serverNotes, queryVectorsOf, serverUrl, vectorNote } from './program-parts.ts'
import type { ProgramFacts } from './program.ts'

function token({ place }: ProgramFacts): string[] {
  if (place.kind === 'cloud') return [`  -H "x-chroma-token: $CHROMA_API_KEY" \\`]
  return []
}

/** The search as a call of Chroma's HTTP API, for sh, bash and zsh. */
export function curlProgram(facts: ProgramFacts): string {
  const { tenant, database, collection, nResults, where, whereDocument, notes, place } = facts
  const { href } = serverUrl(facts)
  const vectors = queryVectorsOf(facts)
  const segments = ['tenants', tenant, 'databases', database, 'collections', collection.id].map(encodeURIComponent)
  const url = `${href.replace(/\/+$/, '')}/api/v2/${segments.join('/')}/query`
  const body = [
    `"query_embeddings":[${vectors.map(({ vector }) => `[${Array.from(vector, floatText).join(',')}]`).join(',')}]`,
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
        ...vectors.flatMap((vector) => vectorNote(vector, javascriptString)),
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
