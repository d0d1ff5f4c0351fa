-- Moves a job's cursor.
--
-- KEYS[1]  {t}:job:<job>  hash: owner; fence
-- KEYS[2]  {t}:jobs       hash: job -> cursor
-- KEYS[3]  {t}:epochs     hash: replid; start id -> branch id
-- ARGV[1]  text     the lease's owner
-- ARGV[2]  integer  the lease's fence
-- ARGV[3]  text     job
-- ARGV[4]  id       where the cursor stands; '' if the job never ran
-- ARGV[5]  id       where it goes
-- ARGV[6]  id       the start of the newest epoch that the owner has read
--
-- Returns {1}, or {0} if the lease is lost, or a failover has changed what the owner knew.
local job, cursors, epochs = unpack(KEYS)
local owner, fence, name, from, to, epoch = unpack(ARGV)
if not may_step(job, cursors, epochs, owner, fence, name, from, to, epoch) then
  return {0}
end
redis.call('HSET', cursors, name, to)
return {1}
