-- Tells those who listen just now, unless its author tells too much.
--
-- KEYS[1]  {t}:whispers:<user>  string: how many in this second
-- ARGV[1]  text     room
-- ARGV[2]  text     the room's channel
-- ARGV[3]  text     type
-- ARGV[4]  JSON     by
-- ARGV[5]  JSON     data
-- ARGV[6]  integer  a second at most
--
-- Returns {1} if it was told, else {0}.
local told = redis.call('INCR', KEYS[1])
if told == 1 then
  redis.call('PEXPIRE', KEYS[1], 1000)
end
if told > tonumber(ARGV[6]) then
  return {0}
end
pass({name = ARGV[1], channel = ARGV[2]}, ARGV[3], ARGV[4], ARGV[5])
return {1}
