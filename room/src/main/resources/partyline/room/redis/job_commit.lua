-- Moves a job's cursor.
--
-- KEYS[1]  {t}:job:<job>  hash: owner; fence
-- KEYS[2]  {t}:jobs       hash: job -> cursor
-- ARGV[1]  text     the lease's owner
-- ARGV[2]  integer  the lease's fence
-- ARGV[3]  text     job
-- ARGV[4]  id       cursor
--
-- Returns {1}, or {0} if the lease is lost.
local job, cursors = unpack(KEYS)
if not holds(job, ARGV[1], ARGV[2]) then
  return {0}
end
redis.call('HSET', cursors, ARGV[3], ARGV[4])
return {1}
