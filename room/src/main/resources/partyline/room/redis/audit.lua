-- Notes acts in the audit.
--
-- KEYS[1]  {t}:audit      stream: acts, as at, event ('' for none), act
-- KEYS[2]  {t}:job:<job>  hash: owner; fence; noted = the last event that was noted
-- ARGV[1]  text     the lease's owner; '' for an act that is in no log
-- ARGV[2]  integer  the lease's fence
-- ARGV[3]  integer  entries to keep, about
-- ARGV[4…]          for each act: the event, '' for none; its epoch milliseconds, '' for now; JSON
--
-- Returns {1}, or {0} if the lease is lost.
local audit, job = unpack(KEYS)
local noted
if ARGV[1] ~= '' then
  if not holds(job, ARGV[1], ARGV[2]) then
    return {0}
  end
  noted = redis.call('HGET', job, 'noted')
end
for i = 4, #ARGV, 3 do
  local event, at, act = unpack(ARGV, i, i + 2)
  if event == '' or not noted or above(event, noted) then
    at = at ~= '' and at or string.format('%.0f', now())
    redis.call('XADD', audit, 'MAXLEN', '~', ARGV[3], '*', 'at', at, 'event', event, 'act', act)
    if event ~= '' then
      noted = event
    end
  end
end
if ARGV[1] ~= '' and noted then
  redis.call('HSET', job, 'noted', noted)
end
return {1}
