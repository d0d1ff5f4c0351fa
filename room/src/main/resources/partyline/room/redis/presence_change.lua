-- Writes who came to a room through a node and who left it there, and tells those who listen.
--
-- KEYS[1]  {t}:nodes      hash
-- KEYS[2]  {t}:p:<room>   hash
-- KEYS[3]  {t}:pv:<room>  hash
-- KEYS[4]  {t}:pn:<node>  set: rooms that the node wrote pairs of
-- ARGV[1]  text     node
-- ARGV[2…7]         the room; see presence.lua
-- ARGV[8]  0 or 1   whether the node has nobody in the room after this
-- ARGV[9]  integer  n, how many came
-- ARGV[10…]         n pairs: user, person as JSON; then the users who left, to the end
--
-- Returns {'told', milliseconds until something that is held back may be told, or 0}, or {'over'} if the lease is.
local nodes, people, told, rooms = unpack(KEYS)
local node, room = ARGV[1], room_of(people, told, ARGV, 2)
local alive, lapsed = leases(nodes)
if not alive[node] then
  return {'over'}
end

local joined, left = {}, {}
local came = tonumber(ARGV[9])
for i = 10, 8 + 2 * came, 2 do
  local entry = redis.call('HGET', people, ARGV[i])
  local others, before, here = {}, nil, false
  if entry then
    others, before, here = through(entry, alive, node)
  end
  if #others == 0 and not here then
    joined[#joined + 1] = ARGV[i + 1]
  end
  others[#others + 1] = node
  keep(room, ARGV[i], others, ARGV[i + 1])
end
for i = 10 + 2 * came, #ARGV do
  local entry = redis.call('HGET', people, ARGV[i])
  if entry then
    local others, person = through(entry, alive, node)
    if #others == 0 then
      redis.call('HDEL', people, ARGV[i])
      left[#left + 1] = person
    else
      keep(room, ARGV[i], others, person)
    end
  end
end
if ARGV[8] == '1' then
  redis.call('SREM', rooms, room.name)
elseif came > 0 then
  redis.call('SADD', rooms, room.name)
end
return {'told', tell(room, alive, lapsed, joined, left)}
