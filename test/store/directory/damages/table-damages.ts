import { type Damage, type Patient, damage, sql } from './damage.ts'

/** SQL that makes the records lag behind the last operations of `kept`, as after a crash. */
function lag(operations: number): string {
  return `UPDATE max_seq_id SET seq_id = (SELECT max(seq_id) FROM embeddings_queue WHERE topic LIKE '%$kept') - ${operations}
    WHERE segment_id = (SELECT id FROM segments WHERE scope = 'METADATA' AND collection = '$kept')`
}

export const tableDamages: Damage[] = [
  damage('the dimension in the database is wrong', /4,096 dimensions/, 'all', (p) =>
    sql(p, "UPDATE collections SET dimension = 4096 WHERE name = 'kept'"),
  ),
  damage('a queued vector is too short', /do(es)? not have 8 dimensions/, 'most', (p) =>
    sql(p, "UPDATE embeddings_queue SET vector = x'0000803f' WHERE id = 'tail-3'"),
  ),
  damage('a queued vector has an odd length', /do(es)? not have 8 dimensions/, 'most', (p) =>
    sql(p, "UPDATE embeddings_queue SET vector = x'00008' || 'x' WHERE id = 'tail-3'".replace("x'00008' || 'x'", "x'0000803f12'")),
  ),
  damage('queued metadata is no JSON', /no valid JSON/, 'all', (p) =>
    sql(p, "UPDATE embeddings_queue SET metadata = '{oops' WHERE id = 'tail-3'", lag(5)),
  ),
  damage('a queued document is a number', /stops Chroma for the whole database/, 'all', (p) =>
    sql(
      p,
      `UPDATE embeddings_queue SET metadata = '{"chroma:document":5}' WHERE id = 'tail-19'`,
      lag(1),
      "DELETE FROM embeddings WHERE embedding_id = 'tail-19'",
    ),
  ),
  damage(
    'a queued document is null',
    /stops Chroma for the whole database/,
    'most',
    (p) => sql(p, `UPDATE embeddings_queue SET metadata = '{"chroma:document":null}', operation = 1 WHERE id = 'tail-19'`, lag(1)),
    true,
  ),
  damage('a queued operation is of an unknown kind', /unknown kind|does not exist/, 'most', (p) =>
    sql(p, "UPDATE embeddings_queue SET operation = 9 WHERE id = 'tail-3'"),
  ),
  damage('the configuration is garbage', /configuration is no valid JSON/, 'all', (p) =>
    sql(p, "UPDATE collections SET config_json_str = '{{{'"),
  ),
  damage('the schema is garbage', /schema is no valid JSON/, 'all', (p) =>
    sql(p, 'ALTER TABLE collections ADD COLUMN schema_str TEXT', "UPDATE collections SET schema_str = 'nonsense'"),
  ),
  damage(
    'the segment of the records is not named',
    /segment of its records is missing/,
    'none',
    (p) => sql(p, "DELETE FROM segments WHERE scope = 'METADATA' AND collection = '$kept'"),
    false,
  ),
  damage('the segment of the vectors is not named', /segment of its vectors is missing/, 'tail', (p) =>
    sql(p, "DELETE FROM segments WHERE id = '$segment'"),
  ),
  damage('the segment of the vectors is of an unknown type', /unknown type/, 'all', (p) =>
    sql(p, "UPDATE segments SET type = 'urn:other' WHERE id = '$segment'"),
  ),
  damage('the segment has the name of another folder', /index is missing|segment/, 'tail', (p) =>
    sql(
      p,
      "UPDATE max_seq_id SET segment_id = '../../etc' WHERE segment_id = '$segment'",
      "UPDATE segments SET id = '../../etc' WHERE id = '$segment'",
    ),
  ),
  damage('max_seq_id of the vectors is missing', null, 'all', (p) => sql(p, "DELETE FROM max_seq_id WHERE segment_id = '$segment'")),
  damage('max_seq_id of the vectors is too high', /ends at operation/, 'all', (p) =>
    sql(p, "UPDATE max_seq_id SET seq_id = 999999 WHERE segment_id = '$segment'"),
  ),
  damage('max_seq_id is bytes', /mismatched types/, 'all', (p) =>
    sql(p, "UPDATE max_seq_id SET seq_id = x'00000000000003e8' WHERE segment_id = '$segment'"),
  ),
  damage('max_seq_id is text', null, 'all', (p) => sql(p, "UPDATE max_seq_id SET seq_id = 'abc' WHERE segment_id = '$segment'")),
  damage('the queue was emptied by hand', /ends at operation 0/, 'most', (p) => sql(p, 'DELETE FROM embeddings_queue')),
  damage('full-text rows are missing', /full-text table holds/, 'all', (p) =>
    sql(p, 'DELETE FROM embedding_fulltext_search WHERE rowid < 100'),
  ),
  damage('the full-text table is dropped', /full-text table is missing/, 'all', (p) => sql(p, 'DROP TABLE embedding_fulltext_search')),
  damage('lists of deleted records are left', /list elements? of deleted records/, 'all', (p) =>
    sql(
      p,
      'CREATE TABLE embedding_metadata_array (id INTEGER NOT NULL, key TEXT NOT NULL, string_value TEXT, int_value INTEGER, float_value REAL, bool_value INTEGER)',
      "INSERT INTO embedding_metadata_array VALUES (999999, 'secret', 'alpha', NULL, NULL, NULL)",
    ),
  ),
  ...['collections', 'segments', 'embeddings', 'embedding_metadata'].map((table) =>
    damage(`the table ${table} is dropped`, /database cannot be used/, 'none', (p: Patient) => sql(p, `DROP TABLE ${table}`), false),
  ),
  damage('the table embeddings_queue is dropped', /embeddings_queue is missing/, 'most', (p) => sql(p, 'DROP TABLE embeddings_queue')),
  ...['max_seq_id', 'tenants', 'databases', 'migrations', 'collection_metadata', 'embeddings_queue_config'].map((table) =>
    damage(`the table ${table} is dropped`, null, 'all', (p: Patient) => sql(p, `DROP TABLE ${table}`)),
  ),
  damage(
    'the records are a view without end',
    /database cannot be used/,
    'none',
    (p) =>
      sql(
        p,
        'DROP TABLE embeddings',
        "CREATE VIEW embeddings AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id, 'x' AS segment_id, id AS embedding_id, 1 AS seq_id, 1 AS created_at FROM n",
      ),
    false,
  ),
  damage('a collection is in a database that does not exist', null, 'all', (p) =>
    sql(p, "UPDATE collections SET database_id = 'nowhere' WHERE name = 'kept'"),
  ),
  damage('a text value is bytes', null, 'all', (p) => sql(p, "UPDATE embedding_metadata SET string_value = x'ff00fe' WHERE key = 'topic'")),
  damage('a number is a text', null, 'all', (p) => sql(p, "UPDATE embedding_metadata SET int_value = 'many' WHERE key = 'n'")),
  damage('metadata rows hold nothing', null, 'all', (p) =>
    sql(p, 'UPDATE embedding_metadata SET string_value = NULL, int_value = NULL, float_value = NULL, bool_value = NULL'),
  ),
  damage('metadata of records that do not exist is left', /Metadata of .* do not exist/, 'all', (p) =>
    sql(p, "INSERT INTO embedding_metadata (id, key, string_value) VALUES (888888, 'lost', 'x')"),
  ),
  damage('records belong to no collection', /belong to no collection/, 'all', (p) =>
    sql(p, "INSERT INTO embeddings (segment_id, embedding_id, seq_id) VALUES ('nobody', 'x', 1)"),
  ),
  damage(
    'a record has an impossible row',
    /impossible/,
    'most',
    (p) => sql(p, "UPDATE embeddings SET id = 1152921504606846975 WHERE embedding_id = 'tail-19'"),
    false,
  ),
  damage('a record has a negative row', null, 'most', (p) => sql(p, "UPDATE embeddings SET id = -5 WHERE embedding_id = 'tail-19'"), false),
  damage('the index over metadata is dropped', null, 'all', (p) =>
    sql(
      p,
      'DROP INDEX embedding_metadata_int_value',
      'DROP INDEX embedding_metadata_string_value',
      'DROP INDEX embedding_metadata_float_value',
    ),
  ),
  damage('a trigger waits for changes', null, 'all', (p) =>
    sql(p, 'CREATE TRIGGER trap AFTER INSERT ON embeddings BEGIN DELETE FROM embeddings; END'),
  ),
]
