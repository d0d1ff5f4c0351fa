-- Trims rooms to what was noted long enough ago.
--
-- Exactly, not by whole nodes as the log: a quiet room would keep its messages until a node is full.
--
-- KEYS[1]   {t}:job:<job>  hash: owner; fence
-- KEYS[2]   {t}:clock      sorted set: notes
-- KEYS[3…]                 streams: history and resume of the rooms
-- ARGV[1]   text     the lease's owner
-- ARGV[2]   integer  the lease's fence
-- ARGV[3]   integer  age in milliseconds
--
-- Returns {1, entries removed}, or {0, 0} if the lease is lost.
if not holds(KEYS[1], ARGV[1], ARGV[2]) then
  return {0, 0}
end
local oldest = noted(KEYS[2], ARGV[3])
local removed = 0
if oldest then
  for i = 3, #KEYS do
    removed = removed + redis.call('XTRIM', KEYS[i], 'MINID', oldest)
  end
end
return {1, removed}
