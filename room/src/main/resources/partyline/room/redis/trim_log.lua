-- Trims the log to what was noted long enough ago, or to the slowest job, whichever is older.
--
-- The entry a job stands on stays: one that still finds it there has missed nothing.
--
-- KEYS[1]  {t}:job:<job>  hash: owner; fence
-- KEYS[2]  {t}:log        stream
-- KEYS[3]  {t}:clock      sorted set: notes
-- KEYS[4]  {t}:jobs       hash: job -> cursor
-- ARGV[1]  text     the lease's owner
-- ARGV[2]  integer  the lease's fence
-- ARGV[3]  integer  age in milliseconds
-- ARGV[4]  integer  entries at most
--
-- Returns {1, entries removed}, or {0, 0} if the lease is lost.
local job, log, clock, cursors = unpack(KEYS)
if not holds(job, ARGV[1], ARGV[2]) then
  return {0, 0}
end
local oldest = noted(clock, ARGV[3])
if not oldest then
  return {1, 0}
end
for _, cursor in ipairs(redis.call('HVALS', cursors)) do
  if above(oldest, cursor) then
    oldest = cursor
  end
end
-- About (~) means whole nodes, as a limit demands; a few entries more hurt nobody.
return {1, redis.call('XTRIM', log, 'MINID', '~', oldest, 'LIMIT', ARGV[4])}
