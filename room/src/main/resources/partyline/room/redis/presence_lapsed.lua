-- Which nodes' leases have lapsed.
--
-- KEYS[1]  {t}:nodes  hash: node -> '<until> <replid>'
-- ARGV[1]  integer  milliseconds a lease lasts
--
-- Returns {node, …}.
local nodes, length = KEYS[1], tonumber(ARGV[1])
local time, lapsed = now(), {}
local all = redis.call('HGETALL', nodes)
for i = 1, #all, 2 do
  local ends, giver = string.match(all[i + 1], '^(%d+) (%S+)$')
  if tonumber(ends) <= time then
    lapsed[#lapsed + 1] = all[i]
  elseif ends - time > length then
    -- The clock stepped back, and a dead node must not live for as long as that.
    redis.call('HSET', nodes, all[i], string.format('%.0f %s', time + length, giver))
  end
end
return lapsed
