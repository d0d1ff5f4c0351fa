-- Writes down that a job is about to try an event.
--
-- KEYS[1]  {t}:job:<job>  hash: owner; fence; trying = '<id> <tries>'
-- ARGV[1]  text     the lease's owner
-- ARGV[2]  integer  the lease's fence
-- ARGV[3]  id       event
-- ARGV[4]  0 or 1   whether what was counted of it is forgotten
--
-- Returns {tries}, or {0} if the lease is lost.
local job = KEYS[1]
if not holds(job, ARGV[1], ARGV[2]) then
  return {0}
end
local tries = 1
local id, before = string.match(redis.call('HGET', job, 'trying') or '', '^(%S+) (%d+)$')
if id == ARGV[3] and ARGV[4] == '0' then
  tries = before + 1
end
redis.call('HSET', job, 'trying', string.format('%s %.0f', ARGV[3], tries))
return {tries}
