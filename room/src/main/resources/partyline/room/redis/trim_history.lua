-- Trims rooms to what was noted long enough ago.
--
-- Exactly, not by whole nodes as the log: a quiet room would keep its messages until a node is full.
--
-- KEYS[1]   {t}:job:<job>  hash: owner; fence
-- KEYS[2]   {t}:clock      sorted set: notes
-- KEYS[3…]                 of each room: {t}:n, {t}:r, {t}:s, {t}:k and {t}:t
-- ARGV[1]   text     the lease's owner
-- ARGV[2]   integer  the lease's fence
-- ARGV[3]   integer  age in milliseconds, for rooms that do not say otherwise
--
-- Returns {1, entries removed, room from 0, its first message or '+', what is too old, …}, or {0, 0} if the lease is lost.
-- The rooms are those that hold something of messages that history holds no more. Both are ids.
if not holds(KEYS[1], ARGV[1], ARGV[2]) then
  return {0, 0}
end
local reply = {1, 0}
local everywhere = noted(KEYS[2], ARGV[3])

local function oldest_of(state)
  local settings = redis.call('HGET', state, 'settings') or ''
  local days = tonumber(string.match(settings, '"retention_days":(%d+)') or 0)
  if days == 0 then
    return everywhere
  end
  return noted(KEYS[2], days * 86400000)
end

for i = 3, #KEYS, 5 do
  local history, resume, state, touched, erased = unpack(KEYS, i, i + 4)
  local oldest = oldest_of(state)
  if oldest then
    reply[2] = reply[2] + redis.call('XTRIM', history, 'MINID', oldest) + redis.call('XTRIM', resume, 'MINID', oldest)
  end
  local gone = redis.call('ZRANGE', erased, 0, 0)[1]
  local first_touched = redis.call('ZRANGE', touched, 0, 0)[1]
  if gone or first_touched then
    local first = redis.call('XRANGE', history, '-', '+', 'COUNT', 1)[1]
    -- What is erased below the first that stands is shown as long as it is not too old.
    if first_touched and not (first and not above(first[1], first_touched)) or gone and oldest and above(oldest, gone) then
      reply[#reply + 1] = (i - 3) / 5
      reply[#reply + 1] = first and first[1] or '+'
      reply[#reply + 1] = oldest or '0-0'
    end
  end
end
return reply
