-- A worker is there, and asks who else is.
--
-- KEYS[1]  {t}:workers  sorted set: workers by the millisecond until which they are believed to be there
-- ARGV[1]  text     worker
-- ARGV[2]  integer  for how many milliseconds
--
-- Returns {worker, …}.
local time = now()
redis.call('ZADD', KEYS[1], string.format('%.0f', time + ARGV[2]), ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('(%.0f', time))
return redis.call('ZRANGE', KEYS[1], 0, -1)
