-- Holds a node's lease for a while longer, or takes it for the first time. One that lapsed, or that was given by a Redis
-- that may have lost writes since, is over for good.
--
-- KEYS[1]  {t}:nodes  hash: node -> '<until> <replid>'
-- ARGV[1]  text     node
-- ARGV[2]  integer  milliseconds until the lease lapses
-- ARGV[3]  0 or 1   whether it is taken for the first time
--
-- Returns {1}, or {0} if the lease is over.
local nodes = KEYS[1]
local replid, time = primary(), now()
if ARGV[3] == '0' then
  local ends, giver = string.match(redis.call('HGET', nodes, ARGV[1]) or '', '^(%d+) (%S+)$')
  if not ends or tonumber(ends) <= time or giver ~= replid then
    return {0}
  end
end
redis.call('HSET', nodes, ARGV[1], string.format('%.0f %s', time + ARGV[2], replid))
return {1}
