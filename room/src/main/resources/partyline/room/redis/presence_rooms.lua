-- Some rooms that a node which is gone left pairs in. When there are none it is forgotten.
--
-- KEYS[1]  {t}:nodes      hash
-- KEYS[2]  {t}:pn:<node>  set: rooms
-- ARGV[1]  text     node
-- ARGV[2]  integer  rooms at most
--
-- Returns {room, …}; none also if the node's lease runs.
if leases(KEYS[1])[ARGV[1]] then
  return {}
end
local rooms = redis.call('SRANDMEMBER', KEYS[2], ARGV[2])
if #rooms == 0 then
  redis.call('HDEL', KEYS[1], ARGV[1])
end
return rooms
