-- A page of a room's messages as they stand.
--
-- KEYS[1]  {t}:n:<room>  stream: history
-- KEYS[2]  {t}:h:<room>  hash: last = id of the room's last event; number = of its last message
-- KEYS[3]  {t}:m:<room>  hash: amended messages, by id
-- KEYS[4]  {t}:x:<room>  hash: reactions, by id
-- KEYS[5]  {t}:t:<room>  sorted set: erased messages by their numbers
-- KEYS[6]  {t}:s:<room>  hash: state
-- ARGV[1]  LATEST, BEFORE, AFTER or AROUND
-- ARGV[2]  id       which the page lies before, after or around; not used for LATEST
-- ARGV[3]  integer  messages at most
--
-- Returns {{id, packed or nil, amendment or nil, reactions or nil, …} oldest first, 1 if messages that belong at the old
-- end of the page were trimmed away, pins or nil}.
local history, head, amended, reactions, erased, state = unpack(KEYS)
local from, id, limit = ARGV[1], ARGV[2], tonumber(ARGV[3])
primary()

local ends = redis.call('HMGET', head, 'last', 'number')
local last = tonumber(ends[2] or 0)
local lowest = lowest_number(history, erased, last)

local found
local number = last + 1
if from == 'LATEST' then
  found = older(history, erased, '+', number, lowest, limit)
else
  number = number_from(history, erased, id, lowest, last)
  if from == 'BEFORE' then
    found = older(history, erased, id, number, lowest, limit)
  elseif from == 'AROUND' then
    local half = math.floor(limit / 2)
    found = older(history, erased, id, number, lowest, half)
    for _, value in ipairs(newer(history, erased, id, number, lowest, limit - half)) do
      found[#found + 1] = value
    end
  else
    found = newer(history, erased, id, number, lowest, limit + 1)
    if found[1] == id then
      table.remove(found, 1)
      table.remove(found, 1)
    elseif #found > 2 * limit then
      found[#found] = nil
      found[#found] = nil
    end
  end
end

local gap
if found[1] then
  local first = found[2] and number_of({found[1], {'e', found[2]}})
    or tonumber(redis.call('ZSCORE', erased, found[1]))
  gap = first > 1 and first <= lowest
elseif from == 'AFTER' then
  gap = last > 0 and lowest > last and above(ends[1], id)
else
  gap = number > 1 and number <= lowest
end
return {standing(found, amended, reactions), gap and 1 or 0, redis.call('HGET', state, 'pins')}
