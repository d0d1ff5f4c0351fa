-- Removes a webhook and everything that is kept of it.
--
-- KEYS[1]  {t}:hooks             hash: name -> JSON
-- KEYS[2]  {t}:jobs              hash: job -> cursor
-- KEYS[3]  {t}:job:webhook:<w>   hash: owner; fence
-- KEYS[4]  {t}:due:<w>           sorted set
-- KEYS[5]  {t}:pauses            hash: name -> how its endpoint does
-- KEYS[6]  {t}:deliveries:<w>    stream
-- ARGV[1]  text  name
-- ARGV[2]  text  its job
--
-- Returns {1}, or {0} if there was none.
local hooks, cursors, job, due, pauses, deliveries = unpack(KEYS)
local was = redis.call('HDEL', hooks, ARGV[1])
redis.call('HDEL', cursors, ARGV[2])
redis.call('HDEL', pauses, ARGV[1])
redis.call('DEL', job, due, deliveries)
return {was}
