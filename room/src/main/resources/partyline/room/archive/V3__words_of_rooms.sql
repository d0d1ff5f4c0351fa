-- Words, rooms and times in one index: of common words only what is in the rooms and in the time that are asked for is
-- looked at. A million messages take about a minute, in which they can be read and searched, and nothing is written.
SET LOCAL statement_timeout = 0;
SET LOCAL maintenance_work_mem = '256MB';
-- Times are stretches of about an hour, a day and a fortnight, 2^22, 2^26 and 2^30 ms: any time is few of one kind.
CREATE INDEX messages_by_words_and_room ON messages
  USING gin (words, (ARRAY[room]), (ARRAY[ms >> 22, ms >> 26, ms >> 30]))
  WITH (fastupdate = on, gin_pending_list_limit = 8192)
  WHERE words IS NOT NULL;
DROP INDEX messages_by_words;
ALTER INDEX messages_by_words_and_room RENAME TO messages_by_words;
