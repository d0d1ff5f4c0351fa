-- Writes down what came of tries to deliver, all of it or nothing.
--
-- KEYS[1]  {t}:job:<job>       hash: owner; fence
-- KEYS[2]  {t}:due:<w>         sorted set: parcels by the millisecond they are due
-- KEYS[3]  {t}:deliveries:<w>  stream: the last tries
-- KEYS[4]  {t}:dead            stream: what jobs gave up on, as job, room, id, tries, reason
-- KEYS[5]  {t}:pauses          hash: name -> how its endpoint does
-- ARGV[1]  text     the lease's owner
-- ARGV[2]  integer  the lease's fence
-- ARGV[3]  text     the webhook's name
-- ARGV[4]  text     how its endpoint does; '' if well
-- ARGV[5]  integer  deliveries to keep, about
-- ARGV[6]  integer  dead letters to keep, about
-- ARGV[7]  integer  parcels due at most
-- ARGV[8]  text     the job's name
-- ARGV[9…]          for each: the parcel to take out, or ''; the delivery to log, or ''; the parcel to put in, or '', and
--                   the millisecond it is due; why it is given up, or ''; the parcel, '<tries> <id> <room or ->'
--
-- Returns {1}, or {0} if the lease is lost.
local job, due, deliveries, dead, pauses = unpack(KEYS)
if not holds(job, ARGV[1], ARGV[2]) then
  return {0}
end
if ARGV[4] == '' then
  redis.call('HDEL', pauses, ARGV[3])
else
  redis.call('HSET', pauses, ARGV[3], ARGV[4])
end
local waiting = redis.call('ZCARD', due)
for i = 9, #ARGV, 6 do
  local out, tried, again, at, reason, parcel = unpack(ARGV, i, i + 5)
  if out ~= '' then
    waiting = waiting - redis.call('ZREM', due, out)
  end
  if tried ~= '' then
    redis.call('XADD', deliveries, 'MAXLEN', '~', ARGV[5], '*', 'd', tried)
  end
  if again ~= '' then
    if waiting < tonumber(ARGV[7]) then
      waiting = waiting + redis.call('ZADD', due, at, again)
    else
      reason = 'too much else was waiting for the same endpoint'
    end
  end
  if reason ~= '' then
    local tries, id, room = string.match(parcel, '^(%d+) (%S+) (.*)$')
    redis.call('XADD', dead, 'MAXLEN', '~', ARGV[6], '*',
      'job', ARGV[8], 'room', room, 'id', id, 'tries', tries, 'reason', reason)
  end
end
return {1}
