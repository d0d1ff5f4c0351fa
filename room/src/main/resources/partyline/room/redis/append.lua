-- Appends events, one after the other. For each: checks, writes log, resume, history, fields and head, and publishes, in
-- one step or not at all.
--
-- The first command that writes is the XADD into the log (or into it for a new epoch). Redis refuses there, when
-- nothing is written yet, if it is out of memory (OOM), can't persist (MISCONF), is a replica (READONLY) or lacks
-- replicas (NOREPLICAS); after a first write it refuses nothing any more. Publishing comes last.
--
-- KEYS[1] {t}:log     stream
-- KEYS[2] {t}:epochs  hash: replid; start id -> branch id
-- KEYS[3] {t}:rooms   sorted set: every room that ever had an event, all with score 0
-- KEYS[4…]            those of each append, in their order
-- ARGV[1] id       the highest the caller's feed ever got
-- ARGV[2] integer  milliseconds a new epoch starts ahead
-- ARGV[3] integer  epochs to keep
-- ARGV[4] text     control channel
-- ARGV[5] integer  entries in the log at most, about
-- ARGV[6] integer  entries in resume at most, about
-- ARGV[7] integer  entries in history at most, about
-- ARGV[8] integer  milliseconds an idempotency key is remembered
-- ARGV[9…]         the appends, as each.lua has it, and what became of them is returned as it says
--
-- Of one append:
-- KEYS[1]  {t}:r:<room>    stream: resume
-- KEYS[2]  {t}:n:<room>    stream: history
-- KEYS[3]  {t}:h:<room>    hash: last = id of the room's last event; number = of its last message; bridge = '<id> <prev>'
-- KEYS[4]  {t}:m:<room>    hash: amended messages, by id; '<id>:log' = the ids of the events that amended them
-- KEYS[5]  {t}:x:<room>    hash: reactions, by id
-- KEYS[6]  {t}:s:<room>    hash: state
-- KEYS[7…]                 what the arguments name by its place in here
-- ARGV[1]  text     the room's channel
-- ARGV[2]  text     room
-- ARGV[3]  text     type of the event
-- ARGV[4]  JSON     by
-- ARGV[5]  JSON     data
-- ARGV[6]  0 or 1   whether it is a message: numbered, and kept in history
-- ARGV[7]  place    {t}:i:<room>:<sender>:<key>, a string '<id> <body hash>'; 0 without a key
-- ARGV[8]  text     body hash; '' without a key
-- ARGV[9]  place    {t}:rate:<sender>, a string: when its bucket is full again, in epoch microseconds; 0 without a rate
-- ARGV[10] integer  microseconds until one more event is allowed
-- ARGV[11] integer  events that may come at once
-- ARGV[12] integer  n, the number of expectations
-- ARGV[13…]         n triples: place of a hash, field, '=<value>' it must have or '!' if it must be absent; then to the
--                   end the changes, a verb and what it needs. First of them what may be refused:
--   react   place of the set of who reacted to the message, message, 1 or 0 if the reaction goes, emoji, user, kinds of
--           reactions at most, users shown of each kind at most, place of {t}:k:<room>
--   amend   place of {t}:k:<room>, message, what it becomes, events that hold its text at most
--                   then in any order:
--   set     place of a hash, field, value
--   remove  place of a hash, field
--   time    place of a hash, field: becomes the event's time in epoch ms
--   id      place of a hash, field: becomes the event's id
--   count   place of a hash, field, integer it grows by
--   list    place of {t}:open, place of {t}:gone, where the room is listed: open, hidden or deleted
--   erase   place of the set of who reacted, place of {t}:k:<room>, place of {t}:t:<room>, message, what is left of it
--
-- {t}:k:<room> is a sorted set: messages that were amended or reacted to, by the milliseconds of their ids, so that they
-- are found when history was trimmed. {t}:t:<room> is one too: erased messages by their numbers.
--
-- Becomes {'appended', id, at in epoch ms, prev, number, data},
--   {'duplicate', id, packed event, amendment, reactions, pins; each of them or nil}, {'conflict', id},
--   {'stale', epoch ms, value or nil of each expected field, in their order},
--   {'limited', milliseconds to wait}, {'unchanged'} or {'too_many'}.
local log, epochs, rooms = unpack(KEYS)
local seen, epoch_jump, epochs_kept, control, log_entries, resume_entries, history_entries, key_kept = unpack(ARGV)
local time = redis.call('TIME')
local at = epoch_ms(time)
local now = time[1] * 1000000 + time[2]
local nothing_lost = false

-- A message's entries leave log, resume and history, and a line stays in their place.
local function erase(KEYS, reacted_by, kept, erased, message, left)
  local resume, history, head, amended, reactions = unpack(KEYS)
  local was = redis.call('HGET', amended, message)
  if was and string.sub(was, 1, 1) ~= '{' then
    return
  end
  local entry = redis.call('XRANGE', history, message, message)[1]
  local first = redis.call('XRANGE', resume, '-', '+', 'COUNT', 1)[1]
  local gone = {message}
  for update in string.gmatch(redis.call('HGET', amended, message .. ':log') or '', '%S+') do
    gone[#gone + 1] = update
  end
  redis.call('XDEL', history, message)
  for from = 1, #gone, 1000 do
    local to = math.min(#gone, from + 999)
    redis.call('XDEL', log, unpack(gone, from, to))
    redis.call('XDEL', resume, unpack(gone, from, to))
  end
  redis.call('HDEL', amended, message, message .. ':log')
  redis.call('HDEL', reactions, message)
  redis.call('DEL', reacted_by)
  redis.call('ZREM', kept, message)
  if entry then
    local fields = '^[^\n]*\n[^\n]*\n([^\n]*)\n[^\n]*\n([^\n]*)\n'
    local said_at, said_number = string.match(entry[2][2], fields)
    redis.call('HSET', amended, message, said_number .. ' ' .. said_at .. ' ' .. left)
    redis.call('ZADD', erased, said_number, message)
  end
  -- The first of resume now names an event before it that was not trimmed but erased: what came before that one?
  local now_first = redis.call('XRANGE', resume, '-', '+', 'COUNT', 1)[1]
  if first and now_first[1] ~= first[1] then
    redis.call('HSET', head, 'bridge', now_first[1] .. ' ' .. before_first(first, redis.call('HGET', head, 'bridge')))
  end
end

local function append(KEYS, ARGV)
  local resume, history, head, amended, reactions, state = unpack(KEYS)
  local idempotency = ARGV[7] ~= '0' and KEYS[tonumber(ARGV[7])]

  -- 1. The key is known: what became of it.
  if idempotency then
    local known = redis.call('GET', idempotency)
    if known then
      local id, hash = string.match(known, '^(%S+) (.*)$')
      if hash ~= ARGV[8] then
        return {'conflict', id}
      end
      local entry = redis.call('XRANGE', history, id, id)[1] or redis.call('XRANGE', log, id, id)[1]
      return {
        'duplicate',
        id,
        entry and entry[2][2] or false,
        redis.call('HGET', amended, id),
        redis.call('HGET', reactions, id),
        redis.call('HGET', state, 'pins')
      }
    end
  end

  -- 2. Nothing was lost that somebody has seen. What this room has seen is in the log, as both are written together.
  local last = redis.call('HMGET', head, 'last', 'number')
  local prev = last[1] or '0-0'
  if not nothing_lost then
    local replid = primary()
    if lost(log, epochs, replid, above(seen, prev) and seen or nil) then
      begin_epoch(log, epochs, control, replid, seen, epoch_jump, epochs_kept)
    end
    nothing_lost = true
  end

  -- 3. What the decision was made on still holds.
  local expected = tonumber(ARGV[12])
  if expected > 0 then
    local values = read(KEYS, ARGV, 13, expected, 3)
    for i = 1, expected do
      if (values[i] and '=' .. values[i] or '!') ~= ARGV[12 + 3 * i] then
        return {'stale', at, unpack(values)}
      end
    end
  end

  -- 4. There is something to change, and room for it.
  local i = 13 + 3 * expected
  local data = ARGV[5]
  local kinds, reactors, reaction, texts
  if ARGV[i] == 'react' then
    local message, add, emoji, user = ARGV[i + 2], ARGV[i + 3] == '1', ARGV[i + 4], ARGV[i + 5]
    reactors = KEYS[tonumber(ARGV[i + 1])]
    reaction = emoji .. ' ' .. user
    if (redis.call('SISMEMBER', reactors, reaction) == 1) == add then
      return {'unchanged'}
    end
    local told = redis.call('HGET', reactions, message)
    kinds = told and cjson.decode(told) or {}
    local count
    if add then
      if not kind_of(kinds, emoji) and #kinds >= tonumber(ARGV[i + 6]) then
        return {'too_many'}
      end
      count = reacted(kinds, emoji, user, tonumber(ARGV[i + 7]))
    else
      count = unreacted(kinds, emoji, user)
    end
    data = string.sub(data, 1, -2) .. (#data > 2 and ',' or '') .. string.format('"count":%.0f}', count)
  elseif ARGV[i] == 'amend' then
    texts = {}
    for id in string.gmatch(redis.call('HGET', amended, ARGV[i + 2] .. ':log') or '', '%S+') do
      texts[#texts + 1] = id
    end
    if #texts >= tonumber(ARGV[i + 4]) then
      -- Those that neither log nor resume holds any more need not be known.
      local first = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
      local resumed = redis.call('XRANGE', resume, '-', '+', 'COUNT', 1)[1]
      local oldest = first and first[1]
      if resumed and not (oldest and above(resumed[1], oldest)) then
        oldest = resumed[1]
      end
      local standing = {}
      for _, id in ipairs(texts) do
        if oldest and not above(oldest, id) then
          standing[#standing + 1] = id
        end
      end
      texts = standing
      if #texts >= tonumber(ARGV[i + 4]) then
        return {'too_many'}
      end
    end
  end

  -- 5. The sender's bucket has one left. It is full at `full`, which moves on with each event; further ahead than a whole
  -- bucket it can only be because the clock stepped back.
  local bucket, full
  if ARGV[9] ~= '0' then
    bucket = KEYS[tonumber(ARGV[9])]
    local every, burst = tonumber(ARGV[10]), tonumber(ARGV[11])
    full = math.min(math.max(tonumber(redis.call('GET', bucket) or 0), now), now + every * burst) + every
    local wait = full - every * burst - now
    if wait > 0 then
      return {'limited', math.ceil(wait / 1000)}
    end
  end

  -- 6. One id, given out by the log.
  local number = 0
  if ARGV[6] == '1' then
    number = tonumber(last[2] or 0) + 1
  end
  local packed = table.concat({ARGV[3], ARGV[2], at, prev, string.format('%.0f', number), ARGV[4], data}, '\n')

  local function add()
    return redis.call('XADD', log, 'NOMKSTREAM', 'MAXLEN', '~', log_entries, '*', 'e', packed)
  end

  local id = add()
  if not id or not above(id, prev) then
    -- Somebody deleted the log under its rooms.
    if id then
      redis.call('XDEL', log, id)
    end
    begin_epoch(log, epochs, control, primary(), above(prev, seen) and prev or seen, epoch_jump, epochs_kept)
    id = add()
  end
  redis.call('XADD', resume, 'MAXLEN', '~', resume_entries, id, 'e', packed)

  -- 7. What goes with it.
  if number > 0 then
    redis.call('XADD', history, 'MAXLEN', '~', history_entries, id, 'e', packed)
    redis.call('HSET', head, 'last', id, 'number', string.format('%.0f', number))
  else
    redis.call('HSET', head, 'last', id)
  end
  if prev == '0-0' then
    redis.call('ZADD', rooms, 0, ARGV[2])
  end
  if bucket then
    redis.call('SET', bucket, string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000))
  end
  if idempotency then
    redis.call('SET', idempotency, id .. ' ' .. ARGV[8], 'PX', key_kept)
  end

  while i <= #ARGV do
    local verb, key, field, value = ARGV[i], KEYS[tonumber(ARGV[i + 1])], ARGV[i + 2], ARGV[i + 3]
    if verb == 'set' then
      redis.call('HSET', key, field, value)
      i = i + 4
    elseif verb == 'time' then
      redis.call('HSET', key, field, at)
      i = i + 3
    elseif verb == 'remove' then
      redis.call('HDEL', key, field)
      i = i + 3
    elseif verb == 'id' then
      redis.call('HSET', key, field, id)
      i = i + 3
    elseif verb == 'count' then
      -- HINCRBY would fail on what is no number, with the event already written.
      local count = tonumber(redis.call('HGET', key, field) or 0) or 0
      redis.call('HSET', key, field, string.format('%.0f', count + value))
      i = i + 4
    elseif verb == 'list' then
      redis.call(value == 'open' and 'ZADD' or 'ZREM', key, unpack(value == 'open' and {0, ARGV[2]} or {ARGV[2]}))
      if value == 'deleted' then
        redis.call('ZADD', KEYS[tonumber(field)], (split(id)), ARGV[2])
      end
      i = i + 4
    elseif verb == 'react' then
      redis.call(value == '1' and 'SADD' or 'SREM', reactors, reaction)
      if #kinds > 0 then
        redis.call('HSET', reactions, field, json(kinds))
      else
        redis.call('HDEL', reactions, field)
      end
      redis.call('ZADD', KEYS[tonumber(ARGV[i + 8])], (split(field)), field)
      i = i + 9
    elseif verb == 'amend' then
      texts[#texts + 1] = id
      redis.call('HSET', amended, field, value, field .. ':log', table.concat(texts, ' '))
      redis.call('ZADD', key, (split(field)), field)
      i = i + 5
    else
      erase(KEYS, key, KEYS[tonumber(field)], KEYS[tonumber(value)], ARGV[i + 4], ARGV[i + 5])
      i = i + 6
    end
  end

  -- 8. And everybody hears of it.
  tell(ARGV[1], id .. '\n' .. packed)
  return {'appended', id, at, prev, number, data}
end

return each(3, 9, append)
