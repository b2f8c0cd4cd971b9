export interface Snippet {
  readonly id: string
  readonly title: string
  /** What it needs, in a sentence. */
  readonly note: string
  readonly text: string
}

const python = `import json, time
from datetime import datetime, timezone
from pathlib import Path

class LookupLog:
    """Appends one JSON line for each lookup of a cache. Similarity is cosine, 0 to 1."""

    def __init__(self, path="lookups.jsonl"):
        self._file = Path(path).open("a", encoding="utf-8", buffering=1)

    def write(self, *, query, outcome, started, namespace=None, entry_id=None, nearest_id=None,
              matched_query=None, similarity=None, threshold=None):
        line = {
            "time": datetime.now(timezone.utc).isoformat(),
            "query": query,
            "namespace": namespace,
            "outcome": outcome,            # hit_exact, hit_semantic or miss
            "entry_id": entry_id,          # the entry that answered
            "nearest_id": nearest_id,      # the nearest entry of a miss
            "matched_query": matched_query,
            "similarity": similarity,      # of the nearest entry, also for a miss
            "threshold": threshold,
            "latency_ms": round((time.perf_counter() - started) * 1000, 2),
        }
        self._file.write(json.dumps(line, ensure_ascii=False) + "\\n")

log = LookupLog()

def lookup(collection, question, embed, namespace, threshold=0.85):
    """A lookup in a Chroma collection of space cosine, with its line in the log."""
    started = time.perf_counter()
    found = collection.query(query_embeddings=[embed(question)], n_results=1,
                             where={"namespace": namespace}, include=["documents", "distances", "metadatas"])
    ids, distances = found["ids"][0], found["distances"][0]
    similarity = 1 - distances[0] if ids else None
    hit = similarity is not None and similarity >= threshold
    log.write(query=question, outcome="hit_semantic" if hit else "miss", started=started, namespace=namespace,
              entry_id=ids[0] if hit else None, nearest_id=ids[0] if ids and not hit else None,
              matched_query=found["documents"][0][0] if ids else None, similarity=similarity, threshold=threshold)
    return found["metadatas"][0][0] if hit else None
`

const typescript = `import { appendFile } from 'node:fs/promises'
import type { Collection } from 'chromadb'

/** Looks a question up in a collection of space cosine and appends a line to the log. */
export async function lookup(
  collection: Collection,
  question: string,
  embedding: number[],
  { namespace, threshold = 0.85, log = 'lookups.jsonl' }: { namespace: string; threshold?: number; log?: string },
) {
  const started = performance.now()
  const found = await collection.query({
    queryEmbeddings: [embedding],
    nResults: 1,
    where: { namespace },
    include: ['documents', 'distances', 'metadatas'],
  })
  const id = found.ids[0]?.[0] ?? null
  const distance = found.distances?.[0]?.[0] ?? null
  const similarity = distance === null ? null : 1 - distance
  const isHit = similarity !== null && similarity >= threshold
  const line = {
    time: new Date().toISOString(),
    query: question,
    namespace,
    outcome: isHit ? 'hit_semantic' : 'miss',
    entry_id: isHit ? id : null,
    nearest_id: isHit ? null : id,
    matched_query: found.documents[0]?.[0] ?? null,
    similarity,
    threshold,
    latency_ms: Math.round((performance.now() - started) * 100) / 100,
  }
  await appendFile(log, \`\${JSON.stringify(line)}\\n\`)
  return isHit ? (found.metadatas[0]?.[0] ?? null) : null
}
`

const langchain = `import json, time
from datetime import datetime, timezone
from langchain_core.caches import BaseCache
from langchain_core.globals import set_llm_cache

class LoggedCache(BaseCache):
    """Wraps any cache of LangChain. It tells no similarity: BaseCache.lookup does not return one."""

    def __init__(self, inner, path="lookups.jsonl"):
        self._inner = inner
        self._file = open(path, "a", encoding="utf-8", buffering=1)

    def lookup(self, prompt, llm_string):
        started = time.perf_counter()
        found = self._inner.lookup(prompt, llm_string)
        self._file.write(json.dumps({
            "time": datetime.now(timezone.utc).isoformat(),
            "query": prompt,
            "cache_hit": found is not None,
            "latency_ms": round((time.perf_counter() - started) * 1000, 2),
        }, ensure_ascii=False) + "\\n")
        return found

    def update(self, prompt, llm_string, return_val):
        self._inner.update(prompt, llm_string, return_val)

    def clear(self, **kwargs):
        self._inner.clear(**kwargs)

set_llm_cache(LoggedCache(your_semantic_cache))
`

const gptcache = `import json, time
from datetime import datetime, timezone
from gptcache.similarity_evaluation import SimilarityEvaluation

class LoggedEvaluation(SimilarityEvaluation):
    """Wraps the evaluation that GPTCache asks for each candidate; threshold is Config.similarity_threshold.

    A lookup that finds no candidate leaves no line."""

    def __init__(self, inner, threshold=0.8, path="lookups.jsonl"):
        self._inner, self._threshold = inner, threshold
        self._file = open(path, "a", encoding="utf-8", buffering=1)

    def evaluation(self, src_dict, cache_dict, **kwargs):
        started = time.perf_counter()
        rank = self._inner.evaluation(src_dict, cache_dict, **kwargs)
        low, high = self._inner.range()
        needed = min(high, max(low, (high - low) * self._threshold))  # as the adapter of GPTCache has it
        self._file.write(json.dumps({
            "time": datetime.now(timezone.utc).isoformat(),
            "query": src_dict["question"],
            "matched_query": cache_dict["question"],
            "cache_hit": rank >= needed,
            "score": (rank - low) / (high - low),  # place in the range of ranks, not a cosine similarity
            "threshold": (needed - low) / (high - low),
            "latency_ms": round((time.perf_counter() - started) * 1000, 2),
        }, ensure_ascii=False) + "\\n")
        return rank

    def range(self):
        return self._inner.range()

# cache.init(..., similarity_evaluation=LoggedEvaluation(SearchDistanceEvaluation()))
`

/** Code that makes caches write a log this app reads without a mapping of one's own. */
export const snippets: readonly Snippet[] = [
  { id: 'python', title: 'Python and chromadb', note: 'For a cache of your own, in a collection of space cosine.', text: python },
  {
    id: 'typescript',
    title: 'TypeScript and chromadb',
    note: 'For a cache of your own, in a collection of space cosine.',
    text: typescript,
  },
  {
    id: 'langchain',
    title: 'LangChain',
    note: 'Around any BaseCache. Similarities and entries are unknown to it and stay empty; of a chat model the query is its messages as JSON.',
    text: langchain,
  },
  {
    id: 'gptcache',
    title: 'GPTCache',
    note: 'Around a similarity evaluation: one line for each candidate that is evaluated.',
    text: gptcache,
  },
]
