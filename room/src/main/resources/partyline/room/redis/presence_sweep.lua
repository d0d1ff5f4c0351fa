-- Sweeps some of the pairs that a node which is gone left in a room, and tells who is gone with it.
--
-- KEYS[1]  {t}:nodes      hash
-- KEYS[2]  {t}:p:<room>   hash
-- KEYS[3]  {t}:pv:<room>  hash
-- KEYS[4]  {t}:pn:<node>  set: rooms
-- ARGV[1]  text     node
-- ARGV[2…7]         the room; see presence.lua
-- ARGV[8]  text     where HSCAN goes on, '0' at first
-- ARGV[9]  integer  people to look at, about
--
-- Returns {where HSCAN goes on}, '0' at the end and if the node's lease runs.
local nodes, people, told, rooms = unpack(KEYS)
local node, room = ARGV[1], room_of(people, told, ARGV, 2)
local alive, lapsed = leases(nodes)
if alive[node] then
  return {'0'}
end

local page = redis.call('HSCAN', people, ARGV[8], 'COUNT', ARGV[9])
local left = {}
for i = 1, #page[2], 2 do
  local others, person, here = through(page[2][i + 1], alive, node)
  if here and #others == 0 then
    redis.call('HDEL', people, page[2][i])
    left[#left + 1] = person
  elseif here then
    keep(room, page[2][i], others, person)
  end
end
tell(room, alive, lapsed, {}, left)
if page[1] == '0' then
  redis.call('SREM', rooms, room.name)
end
return {page[1]}
