-- Prelude, after ids.lua. A room's messages as they stand.
--
-- A message is in history as it was said, or among the erased by its number. Numbers have no holes: so the erased ones
-- below the first that is in history are retained as long as they reach up to it, and history was trimmed in between
-- otherwise.

-- number_of(entry) -> the number of a message in history
local function number_of(entry)
  return tonumber(string.match(entry[2][2], '^[^\n]*\n[^\n]*\n[^\n]*\n[^\n]*\n([^\n]*)\n'))
end

-- lowest_number(history, erased, last) -> the number of the oldest message that is retained; last + 1 for none
--   last  the number of the room's last message
local function lowest_number(history, erased, last)
  local first = redis.call('XRANGE', history, '-', '+', 'COUNT', 1)[1]
  local number = first and number_of(first) or last + 1
  local function retained(from)
    return redis.call('ZCOUNT', erased, from, '(' .. number) == number - from
  end
  local low = number - redis.call('ZCOUNT', erased, '-inf', '(' .. number)
  if retained(low) then
    return low
  end
  -- It holds for `high`, and not for `low`.
  local high = number
  while high - low > 1 do
    local middle = math.floor((low + high) / 2)
    if retained(middle) then
      high = middle
    else
      low = middle
    end
  end
  return high
end

-- number_from(history, erased, id, lowest, last) -> the number of the first message at or above the id; last + 1 for none
local function number_from(history, erased, id, lowest, last)
  local after = redis.call('XRANGE', history, id, '+', 'COUNT', 1)[1]
  local high = after and number_of(after) or last + 1
  local before = id ~= '0-0' and redis.call('XREVRANGE', history, '(' .. id, '-', 'COUNT', 1)[1]
  local low = before and number_of(before) or lowest - 1
  -- Between the two all are erased.
  while high - low > 1 do
    local middle = math.floor((low + high) / 2)
    local next = redis.call('ZRANGE', erased, middle, '(' .. high, 'BYSCORE', 'LIMIT', 0, 1)[1]
    if next and above(id, next) then
      low = middle
    else
      high = middle
    end
  end
  return high
end

-- merged(live, gone, count, sooner) -> {id, packed or false, …}, so many at most
--   live    entries of history
--   gone    {id, number, …} of erased ones
--   sooner  whether, of two numbers, the first comes first
local function merged(live, gone, count, sooner)
  local found = {}
  local i, j = 1, 1
  while #found < 2 * count and (live[i] or gone[j]) do
    if live[i] and not (gone[j] and sooner(tonumber(gone[j + 1]), number_of(live[i]))) then
      found[#found + 1] = live[i][1]
      found[#found + 1] = live[i][2][2]
      i = i + 1
    else
      found[#found + 1] = gone[j]
      found[#found + 1] = false
      j = j + 2
    end
  end
  return found
end

-- older(history, erased, id, number, lowest, count) -> {id, packed or false, …} of the last ones before an id ('+' for
-- the end) and the number it stands for, oldest first
local function older(history, erased, id, number, lowest, count)
  -- Nothing lies before 0-0, and Redis refuses it as an exclusive end.
  if count == 0 or id == '0-0' then
    return {}
  end
  local live = redis.call('XREVRANGE', history, id == '+' and '+' or '(' .. id, '-', 'COUNT', count)
  local gone =
    redis.call('ZRANGE', erased, '(' .. number, lowest, 'BYSCORE', 'REV', 'LIMIT', 0, count, 'WITHSCORES')
  local turned, n = {}, 0
  if #gone == 0 then
    for i = #live, 1, -1 do
      turned[n + 1], turned[n + 2] = live[i][1], live[i][2][2]
      n = n + 2
    end
    return turned
  end
  local found = merged(live, gone, count, function(a, b)
    return a > b
  end)
  for i = #found - 1, 1, -2 do
    turned[n + 1], turned[n + 2] = found[i], found[i + 1]
    n = n + 2
  end
  return turned
end

-- newer(history, erased, id, number, lowest, count) -> {id, packed or false, …} of the first ones at or above an id, and
-- the number it stands for
local function newer(history, erased, id, number, lowest, count)
  local live = redis.call('XRANGE', history, id, '+', 'COUNT', count)
  local from = math.max(number, lowest)
  local gone = redis.call('ZRANGE', erased, from, '+inf', 'BYSCORE', 'LIMIT', 0, count, 'WITHSCORES')
  return merged(live, gone, count, function(a, b)
    return a < b
  end)
end

-- standing(found, amended, reactions) -> {id, packed or nil, amendment or nil, reactions or nil, …}
--   found               {id, packed or false, …}
--   amended, reactions  keys
local function standing(found, amended, reactions)
  local messages, ids, count = {}, {}, #found / 2
  for i = 1, count do
    ids[i] = found[2 * i - 1]
  end
  if count == 0 then
    return messages
  end
  local amendments = redis.call('HMGET', amended, unpack(ids))
  local told = redis.call('HMGET', reactions, unpack(ids))
  for i, id in ipairs(ids) do
    local n = 4 * i
    messages[n - 3], messages[n - 2], messages[n - 1], messages[n] = id, found[2 * i], amendments[i], told[i]
  end
  return messages
end

-- named(history, ids) -> {id, packed or false, …} of these messages
local function named(history, ids)
  local found = {}
  for _, id in ipairs(ids) do
    local entry = redis.call('XRANGE', history, id, id)[1]
    found[#found + 1] = id
    found[#found + 1] = entry and entry[2][2] or false
  end
  return found
end
