-- Appends one event: checks, writes log, resume, history, state and head, and publishes, in one step or not at all.
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
-- KEYS[6]  {t}:s:<room>    hash: state
-- KEYS[7]  {t}:rooms       sorted set: every room that ever had an event, all with score 0
-- KEYS[8]  {t}:i:<room>:<sender>:<key>  string: '<id> <body hash>'; left out if the append has no key
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
-- ARGV[14] text     body hash; '' without a key
-- ARGV[15] integer  milliseconds the key is remembered
-- ARGV[16] integer  n, the number of expectations
-- ARGV[17…]         n pairs: state field, '=<value>' it must have or '!' if it must be absent; then pairs to the end:
--                   state field, '=<value>' it gets or '!' if it goes
--
-- Returns {'appended', id, at in epoch ms, prev, number}, {'duplicate', id, packed event or nil}, {'conflict', id} or
-- {'stale', value or nil of each expected field, in their order}.
local log, epochs, resume, history, head, state, rooms, idempotency = unpack(KEYS)

-- 1. The key is known: what came of it then.
if idempotency then
  local known = redis.call('GET', idempotency)
  if known then
    local id, hash = string.match(known, '^(%S+) (.*)$')
    if hash ~= ARGV[14] then
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
local expected = tonumber(ARGV[16])
if expected > 0 then
  local fields = {}
  for i = 1, expected do
    fields[i] = ARGV[15 + 2 * i]
  end
  local values = redis.call('HMGET', state, unpack(fields))
  for i = 1, expected do
    if (values[i] and '=' .. values[i] or '!') ~= ARGV[16 + 2 * i] then
      return {'stale', unpack(values)}
    end
  end
end

-- 4. One id, given out by the log.
local number = 0
if ARGV[10] == '1' then
  number = tonumber(last[2] or 0) + 1
end
local time = redis.call('TIME')
local at = time[1] .. string.format('%03d', math.floor(time[2] / 1000))
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
for i = 17 + 2 * expected, #ARGV, 2 do
  local value = ARGV[i + 1]
  if value == '!' then
    redis.call('HDEL', state, ARGV[i])
  else
    redis.call('HSET', state, ARGV[i], string.sub(value, 2))
  end
end
if idempotency then
  redis.call('SET', idempotency, id .. ' ' .. ARGV[14], 'PX', ARGV[15])
end

-- 6. And everybody hears of it.
redis.call('PUBLISH', ARGV[5], id .. '\n' .. packed)
return {'appended', id, at, prev, number}
