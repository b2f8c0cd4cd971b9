import { javascriptString, jsonAsJavascript } from './literals.ts'
import { commented, serverNotes, serverUrl, vectorLines, vectorNote } from './program-parts.ts'
import type { ProgramFacts } from './program.ts'

const unsafeInteger = /(?<![\d.eE"])-?\d{16,}(?![\d.eE])/

function numberNotes({ where }: ProgramFacts): string[] {
  const isUnsafe = where !== null && unsafeInteger.test(where.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""'))
  return isUnsafe ? ['JavaScript rounds integers beyond 2^53, and this filter holds one. Python and curl keep it.'] : []
}

function client(facts: ProgramFacts): { name: string; lines: string[] } {
  const { place, tenant, database } = facts
  const scope = `tenant: ${javascriptString(tenant)}, database: ${javascriptString(database)}`
  if (place.kind === 'cloud')
    return { name: 'CloudClient', lines: [`const client = new CloudClient({ ${scope}, apiKey: process.env.CHROMA_API_KEY })`] }
  const { hostname, port, protocol } = serverUrl(facts)
  const isSecure = protocol === 'https:'
  const address = `host: ${javascriptString(hostname)}, port: ${port || (isSecure ? '443' : '80')}, ssl: ${String(isSecure)}`
  return {
    name: 'ChromaClient',
    lines: [
      ...(place.kind === 'server'
        ? ["// Where the server asks for a token, add headers: { 'x-chroma-token': process.env.CHROMA_TOKEN ?? '' }."]
        : []),
      `const client = new ChromaClient({ ${address}, ${scope} })`,
    ],
  }
}

function asked(facts: ProgramFacts): { before: string[]; argument: string } {
  const { query } = facts
  switch (query.kind) {
    case 'texts':
      return {
        before: [
          `// The collection's own embedding function makes the ${query.texts.length === 1 ? 'vector' : 'vectors'}; its package must be installed.`,
        ],
        argument:
          query.texts.length === 1
            ? `queryTexts: [${javascriptString(query.texts[0] ?? '')}],`
            : ['queryTexts: [', ...query.texts.map((text) => `    ${javascriptString(text)},`), '  ],'].join('\n'),
      }
    case 'record':
      return {
        before: [`const record = await collection.get({ ids: [${javascriptString(query.id)}], include: ['embeddings'] })`],
        argument: 'queryEmbeddings: record.embeddings,',
      }
    case 'vectors': {
      const lines = query.vectors.flatMap((each) => [
        ...commented(vectorNote(each, javascriptString), '  //'),
        '  [',
        vectorLines(each.vector, '    '),
        '  ],',
      ])
      return { before: ['const vectors = [', ...lines, ']'], argument: 'queryEmbeddings: vectors,' }
    }
  }
}

/**
 * The search in TypeScript, with the package `chromadb`. A collection is named by its id where no text must be embedded: to ask
 * for it by name makes that package import the module that the collection names as its embedding function.
 */
export function typescriptProgram(facts: ProgramFacts): string {
  const { collection, nResults, where, whereDocument, notes } = facts
  const { before, argument } = asked(facts)
  const { name, lines } = client(facts)
  const byName = facts.query.kind === 'texts'
  return [
    '// npm install chromadb',
    ...commented([...serverNotes(facts), ...notes, ...numberNotes(facts)], '//'),
    `import { ${name} } from 'chromadb'`,
    '',
    ...lines,
    ...(byName
      ? [`const collection = await client.getCollection({ name: ${javascriptString(collection.name)} })`]
      : [`// ${javascriptString(collection.name)}`, `const collection = client.collection(${javascriptString(collection.id)})`]),
    ...before,
    'const result = await collection.query({',
    `  ${argument}`,
    `  nResults: ${nResults},`,
    ...(where === null ? [] : [`  where: ${jsonAsJavascript(where)},`]),
    ...(whereDocument === null ? [] : [`  whereDocument: ${jsonAsJavascript(whereDocument)},`]),
    "  include: ['documents', 'metadatas', 'distances'],",
    '})',
    'for (const rows of result.rows()) for (const { id, distance, document } of rows) console.log(id, distance, document)',
    '',
  ].join('\n')
}
