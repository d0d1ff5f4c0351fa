-- Puts an event aside that a job gave up on, and moves the job's cursor on to it.
--
-- KEYS[1]  {t}:job:<job>  hash: owner; fence; trying
-- KEYS[2]  {t}:jobs       hash: job -> cursor
-- KEYS[3]  {t}:dead       stream: what jobs gave up on, as job, room, id, tries, reason
-- ARGV[1]  text     the lease's owner
-- ARGV[2]  integer  the lease's fence
-- ARGV[3]  text     job
-- ARGV[4]  text     room
-- ARGV[5]  id       event
-- ARGV[6]  integer  tries
-- ARGV[7]  text     reason
-- ARGV[8]  integer  dead letters to keep, about
--
-- Returns {1}, or {0} if the lease is lost.
local job, cursors, dead = unpack(KEYS)
local owner, fence, name, room, id, tries, reason, kept = unpack(ARGV)
if not holds(job, owner, fence) then
  return {0}
end
redis.call('XADD', dead, 'MAXLEN', '~', kept, '*', 'job', name, 'room', room, 'id', id, 'tries', tries, 'reason', reason)
redis.call('HDEL', job, 'trying')
redis.call('HSET', cursors, name, id)
return {1}
