-- Moves how far somebody has read forward, never back, and tells their other devices.
--
-- KEYS[1]  {t}:read:<room>  hash: user -> '<id> <number>'
-- KEYS[2]  {t}:h:<room>     hash: last = id of the room's last event; number = of its last message
-- KEYS[3]  {t}:n:<room>     stream: history
-- ARGV[1]  text  user
-- ARGV[2]  id    the last event that was read
-- ARGV[3]  JSON  room
-- ARGV[4]  text  the user's inbox
-- ARGV[5]  text  its channel
--
-- Returns {id, number, 1 if it moved, else 0, number of the room's last message}.
local markers, head, history = unpack(KEYS)
local user, id = ARGV[1], ARGV[2]
local ends = redis.call('HMGET', head, 'last', 'number')
local last, count = ends[1] or '0-0', tonumber(ends[2] or 0)
if above(id, last) then
  id = last
end
local was, number = string.match(redis.call('HGET', markers, user) or '0-0 0', '^(%S+) (%d+)$')
if not above(id, was) then
  return {was, tonumber(number), 0, count}
end

-- All before the next message that stands.
local next = redis.call('XRANGE', history, '(' .. id, '+', 'COUNT', 1)[1]
local before = count
if next then
  before = string.match(next[2][2], '^[^\n]*\n[^\n]*\n[^\n]*\n[^\n]*\n([^\n]*)\n') - 1
end
number = string.format('%.0f', before)
redis.call('HSET', markers, user, id .. ' ' .. number)
local data = string.format('{"room":%s,"id":"%s","number":%s}', ARGV[3], id, number)
pass({name = ARGV[4], channel = ARGV[5]}, 'read', '', data)
return {id, before, 1, count}
