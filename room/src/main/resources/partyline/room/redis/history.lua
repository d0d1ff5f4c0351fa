-- A page of a room's messages.
--
-- KEYS[1]  {t}:n:<room>  stream: history
-- KEYS[2]  {t}:h:<room>  hash: last = id of the room's last event; number = of its last message
-- ARGV[1]  LATEST, BEFORE, AFTER or AROUND
-- ARGV[2]  id       which the page lies before, after or around; not used for LATEST
-- ARGV[3]  integer  messages at most
--
-- Returns {packed oldest retained message or nil, its id or '0-0', head id, number of the room's last message, {id,
-- packed, …} oldest first}.
local history, head = unpack(KEYS)
local from, id, limit = ARGV[1], ARGV[2], tonumber(ARGV[3])
primary()

local messages = {}

local function before(bound, count)
  local entries = redis.call('XREVRANGE', history, bound, '-', 'COUNT', count)
  for i = #entries, 1, -1 do
    messages[#messages + 1] = entries[i][1]
    messages[#messages + 1] = entries[i][2][2]
  end
end

local function after(bound, count)
  for _, entry in ipairs(redis.call('XRANGE', history, bound, '+', 'COUNT', count)) do
    messages[#messages + 1] = entry[1]
    messages[#messages + 1] = entry[2][2]
  end
end

if from == 'LATEST' then
  before('+', limit)
elseif from == 'BEFORE' then
  -- Nothing lies before 0-0, and Redis refuses it as an exclusive end.
  if id ~= '0-0' then
    before('(' .. id, limit)
  end
elseif from == 'AFTER' then
  after('(' .. id, limit)
else
  local half = math.floor(limit / 2)
  if half > 0 and id ~= '0-0' then
    before('(' .. id, half)
  end
  after(id, limit - half)
end

local oldest = redis.call('XRANGE', history, '-', '+', 'COUNT', 1)[1]
local last = redis.call('HMGET', head, 'last', 'number')
return {
  oldest and oldest[2][2] or false,
  oldest and oldest[1] or '0-0',
  last[1] or '0-0',
  tonumber(last[2] or 0),
  messages
}
