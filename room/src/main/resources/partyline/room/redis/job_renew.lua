-- Holds a job for longer, or hands it back.
--
-- KEYS[1]  {t}:job:<job>  hash: owner; fence; until, in epoch milliseconds
-- ARGV[1]  text     the lease's owner
-- ARGV[2]  integer  the lease's fence
-- ARGV[3]  integer  milliseconds until it lapses, from now; 0 to hand it back
--
-- Returns {1}, or {0} if the lease is lost.
local job = KEYS[1]
if not holds(job, ARGV[1], ARGV[2]) then
  return {0}
end
if ARGV[3] == '0' then
  redis.call('HDEL', job, 'owner', 'until')
else
  redis.call('HSET', job, 'until', string.format('%.0f', now() + ARGV[3]))
end
return {1}
