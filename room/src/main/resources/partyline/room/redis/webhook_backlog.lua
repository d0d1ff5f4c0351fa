-- What waits to be delivered, of some webhooks, and what was given up.
--
-- KEYS[1]   {t}:dead     stream: what jobs gave up on
-- KEYS[2…]  {t}:due:<w>  sorted set: parcels, '<tries> <id> <room or ->', by the millisecond they are due
-- ARGV[1]   integer  parcels looked at from either end
--
-- Returns {dead letters, parcels that wait, the oldest event among those looked at, or nil}.
local dead = redis.call('XLEN', KEYS[1])
local waiting, oldest = 0, nil
for i = 2, #KEYS do
  waiting = waiting + redis.call('ZCARD', KEYS[i])
  for _, ends in ipairs({{0, ARGV[1] - 1}, {-ARGV[1], -1}}) do
    for _, parcel in ipairs(redis.call('ZRANGE', KEYS[i], ends[1], ends[2])) do
      local id = string.match(parcel, '^%d+ (%S+)')
      if not oldest or above(oldest, id) then
        oldest = id
      end
    end
  end
end
return {dead, waiting, oldest}
