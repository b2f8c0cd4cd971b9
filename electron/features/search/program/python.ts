import { jsonAsPython, pythonString } from './literals.ts'
import { commented, vectorLines, vectorNote } from './program-parts.ts'
import type { ProgramFacts } from './program.ts'

function client({ place, tenant, database }: ProgramFacts): string[] {
  const scope = `tenant=${pythonString(tenant)}, database=${pythonString(database)}`
  switch (place.kind) {
    case 'directory':
      return [
        '# Chroma changes files of a directory that it opens. Use a copy where that matters.',
        `client = chromadb.PersistentClient(path=${pythonString(place.path)}, ${scope})`,
      ]
    case 'server': {
      const { hostname, port, protocol } = place.url
      const isSecure = protocol === 'https:'
      return [
        '# Where the server asks for a token, add headers={"x-chroma-token": os.environ["CHROMA_TOKEN"]}.',
        `client = chromadb.HttpClient(host=${pythonString(hostname)}, port=${port || (isSecure ? '443' : '80')}, ssl=${isSecure ? 'True' : 'False'}, ${scope})`,
      ]
    }
    case 'cloud':
      return [`client = chromadb.CloudClient(${scope}, api_key=os.environ["CHROMA_API_KEY"])`]
  }
}

function asked(facts: ProgramFacts): { before: string[]; argument: string } {
  const { query } = facts
  switch (query.kind) {
    case 'texts':
      return {
        before: [`# The collection's own embedding function makes the ${query.texts.length === 1 ? 'vector' : 'vectors'}.`],
        argument:
          query.texts.length === 1
            ? `query_texts=[${pythonString(query.texts[0] ?? '')}]`
            : ['query_texts=[', ...query.texts.map((text) => `        ${pythonString(text)},`), '    ]'].join('\n'),
      }
    case 'record':
      return {
        before: [`record = collection.get(ids=[${pythonString(query.id)}], include=["embeddings"])`],
        argument: 'query_embeddings=record["embeddings"]',
      }
    case 'vectors': {
      const lines = query.vectors.flatMap((each) => [
        ...commented(vectorNote(each, pythonString), '    #'),
        '    [',
        vectorLines(each.vector, '        '),
        '    ],',
      ])
      return { before: ['vectors = [', ...lines, ']'], argument: 'query_embeddings=vectors' }
    }
  }
}

/** The search in Python, with the package `chromadb`. */
export function pythonProgram(facts: ProgramFacts): string {
  const { collection, nResults, where, whereDocument, notes, place } = facts
  const { before, argument } = asked(facts)
  const embeds = facts.query.kind === 'texts'
  return [
    '# pip install chromadb',
    ...commented(notes, '#'),
    ...(place.kind === 'directory' ? [] : ['import os', '']),
    'import chromadb',
    '',
    ...client(facts),
    `collection = client.get_collection(${pythonString(collection.name)}${embeds ? '' : ', embedding_function=None'})`,
    ...before,
    'result = collection.query(',
    `    ${argument},`,
    `    n_results=${nResults},`,
    ...(where === null ? [] : [`    where=${jsonAsPython(where)},`]),
    ...(whereDocument === null ? [] : [`    where_document=${jsonAsPython(whereDocument)},`]),
    '    include=["documents", "metadatas", "distances"],',
    ')',
    'for ids, distances, documents in zip(result["ids"], result["distances"], result["documents"]):',
    '    for record_id, distance, document in zip(ids, distances, documents):',
    '        print(record_id, distance, document, sep="\\t")',
    '',
  ].join('\n')
}
