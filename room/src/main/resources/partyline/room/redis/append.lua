-- Appends one event: checks, writes log, resume, history, fields and head, and publishes, in one step or not at all.
--
-- The first command that writes is the XADD into the log (or into it for a new epoch). Redis refuses there, when
-- nothing is written yet, if it is out of memory (OOM), can't persist (MISCONF), is a replica (READONLY) or lacks
-- replicas (NOREPLICAS); after a first write it refuses nothing any more. Publishing comes last.
--
-- KEYS[1]  {t}:log         stream
-- KEYS[2]  {t}:epochs      hash: replid; start id -> branch id
-- KEYS[3]  {t}:r:<room>    stream: resume
-- KEYS[4]  {t}:n:<room>    stream: history
-- KEYS[5]  {t}:h:<room>    hash: last = id of the room's last event; number = of its last message
-- KEYS[6]  {t}:rooms       sorted set: every room that ever had an event, all with score 0
-- KEYS[7…]                 what the arguments name by its place in here
-- ARGV[1]  id       the highest the caller's feed ever got
-- ARGV[2]  integer  milliseconds a new epoch starts ahead
-- ARGV[3]  integer  epochs to keep
-- ARGV[4]  text     control channel
-- ARGV[5]  text     the room's channel
-- ARGV[6]  text     room
-- ARGV[7]  text     type of the event
-- ARGV[8]  JSON     by
-- ARGV[9]  JSON     data
-- ARGV[10] 0 or 1   whether it is a message: numbered, and kept in history
-- ARGV[11] integer  entries in the log at most, about
-- ARGV[12] integer  entries in resume at most, about
-- ARGV[13] integer  entries in history at most, about
-- ARGV[14] place    {t}:i:<room>:<sender>:<key>, a string '<id> <body hash>'; 0 without a key
-- ARGV[15] text     body hash; '' without a key
-- ARGV[16] integer  milliseconds the key is remembered
-- ARGV[17] integer  n, the number of expectations
-- ARGV[18…]         n triples: place of a hash, field, '=<value>' it must have or '!' if it must be absent; then to the
--                   end four of each change: a verb, place of a hash, field, value
--   set     the field gets the value
--   remove  the field goes
--   time    the field becomes the event's time in epoch ms
--   id      the field becomes the event's id
--   count   the field grows by the value
--   amend   the field, a message's id, gets the value; the event's id joins those in the field '<id>:log', which hold
--           its text
--
-- Returns {'appended', id, at in epoch ms, prev, number}, {'duplicate', id, packed event or nil}, {'conflict', id} or
-- {'stale', epoch ms, value or nil of each expected field, in their order}.
local log, epochs, resume, history, head, rooms = unpack(KEYS)
local idempotency = ARGV[14] ~= '0' and KEYS[tonumber(ARGV[14])]

-- 1. The key is known: what came of it then.
if idempotency then
  local known = redis.call('GET', idempotency)
  if known then
    local id, hash = string.match(known, '^(%S+) (.*)$')
    if hash ~= ARGV[15] then
      return {'conflict', id}
    end
    local entry = redis.call('XRANGE', history, id, id)[1] or redis.call('XRANGE', log, id, id)[1]
    return {'duplicate', id, entry and entry[2][2] or false}
  end
end

-- 2. Nothing was lost that somebody has seen. What this room has seen is in the log, as both are written together.
local last = redis.call('HMGET', head, 'last', 'number')
local prev = last[1] or '0-0'
local seen = ARGV[1]
local replid = primary()
if lost(log, epochs, replid, above(seen, prev) and seen or nil) then
  begin_epoch(log, epochs, ARGV[4], replid, seen, ARGV[2], ARGV[3])
end

-- 3. What the decision was made on still holds.
local expected = tonumber(ARGV[17])
if expected > 0 then
  local values = read(18, expected, 3)
  for i = 1, expected do
    if (values[i] and '=' .. values[i] or '!') ~= ARGV[17 + 3 * i] then
      return {'stale', clock(), unpack(values)}
    end
  end
end

-- 4. One id, given out by the log.
local number = 0
if ARGV[10] == '1' then
  number = tonumber(last[2] or 0) + 1
end
local at = clock()
local packed = table.concat({ARGV[7], ARGV[6], at, prev, string.format('%.0f', number), ARGV[8], ARGV[9]}, '\n')

local function add()
  return redis.call('XADD', log, 'NOMKSTREAM', 'MAXLEN', '~', ARGV[11], '*', 'e', packed)
end

local id = add()
if not id or not above(id, prev) then
  -- Somebody deleted the log under its rooms.
  if id then
    redis.call('XDEL', log, id)
  end
  begin_epoch(log, epochs, ARGV[4], replid, above(prev, seen) and prev or seen, ARGV[2], ARGV[3])
  id = add()
end
redis.call('XADD', resume, 'MAXLEN', '~', ARGV[12], id, 'e', packed)

-- 5. What goes with it.
if number > 0 then
  redis.call('XADD', history, 'MAXLEN', '~', ARGV[13], id, 'e', packed)
  redis.call('HSET', head, 'last', id, 'number', string.format('%.0f', number))
else
  redis.call('HSET', head, 'last', id)
end
if prev == '0-0' then
  redis.call('ZADD', rooms, 0, ARGV[6])
end
for i = 18 + 3 * expected, #ARGV, 4 do
  local verb, key, field, value = ARGV[i], KEYS[tonumber(ARGV[i + 1])], ARGV[i + 2], ARGV[i + 3]
  if verb == 'set' then
    redis.call('HSET', key, field, value)
  elseif verb == 'remove' then
    redis.call('HDEL', key, field)
  elseif verb == 'time' then
    redis.call('HSET', key, field, at)
  elseif verb == 'id' then
    redis.call('HSET', key, field, id)
  elseif verb == 'count' then
    -- HINCRBY would fail on what is no number, with the event already written.
    redis.call('HSET', key, field, string.format('%.0f', (tonumber(redis.call('HGET', key, field) or 0) or 0) + value))
  elseif verb == 'amend' then
    local entries = redis.call('HGET', key, field .. ':log')
    redis.call('HSET', key, field, value, field .. ':log', entries and entries .. ' ' .. id or id)
  end
end
if idempotency then
  redis.call('SET', idempotency, id .. ' ' .. ARGV[15], 'PX', ARGV[16])
end

-- 6. And everybody hears of it.
redis.call('PUBLISH', ARGV[5], id .. '\n' .. packed)
return {'appended', id, at, prev, number}
