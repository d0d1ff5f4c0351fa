-- Puts an event aside that a job gave up on, and moves the job's cursor on to it.
--
-- KEYS[1]   {t}:job:<job>  hash: owner; fence; trying
-- KEYS[2]   {t}:jobs       hash: job -> cursor
-- KEYS[3]   {t}:epochs     hash: replid; start id -> branch id
-- KEYS[4]   {t}:dead       stream: what jobs gave up on, as job, room, id, tries, reason
-- ARGV[1]   text     the lease's owner
-- ARGV[2]   integer  the lease's fence
-- ARGV[3]   text     job
-- ARGV[4]   id       where the cursor stands; '' if the job never ran
-- ARGV[5]   id       where it goes
-- ARGV[6]   id       the start of the newest epoch that the owner has read
-- ARGV[7]   text     room
-- ARGV[8]   id       event
-- ARGV[9]   integer  tries
-- ARGV[10]  text     reason
-- ARGV[11]  integer  dead letters to keep, about
--
-- Returns {1}, or {0} if the lease is lost, or a failover has changed what the owner knew.
local job, cursors, epochs, dead = unpack(KEYS)
local owner, fence, name, from, to, epoch, room, id, tries, reason, kept = unpack(ARGV)
if not may_step(job, cursors, epochs, owner, fence, name, from, to, epoch) then
  return {0}
end
redis.call('XADD', dead, 'MAXLEN', '~', kept, '*', 'job', name, 'room', room, 'id', id, 'tries', tries, 'reason', reason)
redis.call('HDEL', job, 'trying')
redis.call('HSET', cursors, name, to)
return {1}
