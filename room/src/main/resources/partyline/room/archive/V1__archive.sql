-- What was said in rooms, and what else happened there. A row is named by room and id: an id is the log's, <ms>-<seq>.
-- Names compare byte by byte (COLLATE "C"), as they do everywhere else.

-- A message as it stands.
CREATE TABLE messages (
  room        text COLLATE "C" NOT NULL,
  ms          bigint  NOT NULL,
  seq         bigint  NOT NULL,
  number      bigint  NOT NULL, -- 1, 2, 3… in its room
  at          bigint  NOT NULL, -- epoch milliseconds
  author      text COLLATE "C" NOT NULL,
  fields      text    NOT NULL, -- JSON: what it has besides; of a deleted one what is left
  said        text,             -- the same as it was said, once it was edited
  amended_ms  bigint  NOT NULL DEFAULT 0, -- the event that made it stand so
  amended_seq bigint  NOT NULL DEFAULT 0,
  deleted     boolean NOT NULL DEFAULT false,
  text        text,             -- what is searched; none for a deleted one
  words       tsvector,
  PRIMARY KEY (room, ms, seq)
);
-- Across rooms: what a lost branch wrote, and searching everywhere.
CREATE INDEX messages_by_id ON messages (ms, seq);
CREATE INDEX messages_by_author ON messages (author, ms, seq);
-- Words are put in later, many at once: else each message costs a hundred places of the index.
CREATE INDEX messages_by_words ON messages USING gin (words) WITH (fastupdate = on, gin_pending_list_limit = 8192)
  WHERE words IS NOT NULL;

-- What else happened, and what happened to messages.
CREATE TABLE events (
  room   text COLLATE "C" NOT NULL,
  ms     bigint NOT NULL,
  seq    bigint NOT NULL,
  type   text COLLATE "C" NOT NULL,
  at     bigint NOT NULL,
  author text COLLATE "C" NOT NULL,
  of_ms  bigint, -- the message it is about
  of_seq bigint,
  emoji  text,   -- of a reaction
  data   text   NOT NULL, -- JSON; of an edit the fields that it gave
  PRIMARY KEY (room, ms, seq)
);
CREATE INDEX events_of_message ON events (room, of_ms, of_seq) WHERE of_ms IS NOT NULL;
CREATE INDEX events_by_author ON events (author);
-- Rows come in the order of their ids: it costs next to nothing.
CREATE INDEX events_by_id ON events USING brin (ms);

-- Rooms that were deleted, up to an event; what they held goes later.
CREATE TABLE deleted_rooms (
  room text COLLATE "C" PRIMARY KEY,
  ms   bigint NOT NULL,
  seq  bigint NOT NULL,
  at   bigint NOT NULL
);

-- Who writes, in one row. What is not above `shown` is shown to nobody.
CREATE TABLE pen (
  id        boolean PRIMARY KEY DEFAULT true CHECK (id), -- there is one
  term      bigint NOT NULL,
  owner     text   NOT NULL,
  shown_ms  bigint NOT NULL,
  shown_seq bigint NOT NULL
);
INSERT INTO pen VALUES (true, 0, '', 0, 0);
