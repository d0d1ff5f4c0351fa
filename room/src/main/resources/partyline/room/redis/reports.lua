-- Some reports of a room.
--
-- KEYS[1]  {t}:q:<room>            hash; see report.lua
-- KEYS[2]  {t}:qo or qs:<room>     sorted set: open or settled ones by their numbers
-- ARGV[1]  integer  only higher numbers
-- ARGV[2]  integer  at most
--
-- Returns {number, told, how it was settled or nil, …}; told is '<epoch ms>\n<message>\n<user>\n<name>\n<=reason or ''>',
-- settled is '<state> <epoch ms> <user>'.
local found = {}
for _, number in ipairs(redis.call('ZRANGE', KEYS[2], '(' .. ARGV[1], '+inf', 'BYSCORE', 'LIMIT', 0, ARGV[2])) do
  local report = redis.call('HMGET', KEYS[1], number, number .. ':end')
  found[#found + 1] = tonumber(number)
  found[#found + 1] = report[1]
  found[#found + 1] = report[2]
end
return found
