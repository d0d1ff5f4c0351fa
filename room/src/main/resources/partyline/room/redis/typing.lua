-- Tells those who listen that somebody is writing, unless that is said too often or nobody could follow it.
--
-- KEYS[1]  {t}:p:<room>              hash: who is here
-- KEYS[2]  {t}:typing:<room>:<user>  string: he said so just now
-- KEYS[3]  {t}:typing:<room>         string: how many said so in this second
-- ARGV[1]  text     room
-- ARGV[2]  text     the room's channel
-- ARGV[3]  JSON     by
-- ARGV[4]  JSON     data
-- ARGV[5]  integer  more people than this, and nobody is told
-- ARGV[6]  integer  milliseconds between two of one user
-- ARGV[7]  integer  a second in the room, at most
--
-- Returns {1} if it was told, else {0}.
local people, user, second = unpack(KEYS)
if redis.call('HLEN', people) > tonumber(ARGV[5]) then
  return {0}
end
if not redis.call('SET', user, '', 'NX', 'PX', ARGV[6]) then
  return {0}
end
local said = redis.call('INCR', second)
if said == 1 then
  redis.call('PEXPIRE', second, 1000)
end
if said > tonumber(ARGV[7]) then
  return {0}
end
pass({name = ARGV[1], channel = ARGV[2]}, 'typing', ARGV[3], ARGV[4])
return {1}
