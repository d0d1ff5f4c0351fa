-- Notes where the log ends, and thins out what is old.
--
-- KEYS[1]  {t}:job:<job>  hash: owner; fence
-- KEYS[2]  {t}:log        stream
-- KEYS[3]  {t}:clock      sorted set: notes
-- ARGV[1]  text     the lease's owner
-- ARGV[2]  integer  the lease's fence
-- ARGV[3]  integer  milliseconds since the newest note, as the caller measured them; '' if it can't tell
-- ARGV[4]  integer  the longest gap to believe the clock if it can't tell, in milliseconds
-- ARGV[5]  integer  notes older than this, in milliseconds,
-- ARGV[6]  integer  are thinned out to one in so many milliseconds
-- ARGV[7]  integer  notes at most
--
-- Returns {1}, or {0} if the lease is lost.
local job, log, clock = unpack(KEYS)
if not holds(job, ARGV[1], ARGV[2]) then
  return {0}
end
if redis.call('EXISTS', log) == 0 then
  return {1}
end

local wall = now()
local own = wall
local newest, time = newest_note(clock)
if newest then
  local gap = tonumber(ARGV[3])
  if not gap then
    local passed = wall - string.match(newest, '^%d+ (%d+) ')
    gap = math.max(0, math.min(passed, tonumber(ARGV[4])))
  end
  own = time + gap
end
redis.call('ZADD', clock, string.format('%.0f', own), string.format('%.0f %.0f %s', own, wall, last_id(log)))

-- The newest of the old ones goes as long as the next older one can stand for it. One a minute gets old; 200 is for
-- the gaps.
local old = string.format('%.0f', own - ARGV[5])
for _ = 1, 200 do
  local two = redis.call('ZRANGE', clock, old, '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, 2, 'WITHSCORES')
  if not two[3] or two[2] - two[4] >= tonumber(ARGV[6]) then
    break
  end
  redis.call('ZREM', clock, two[1])
end
redis.call('ZREMRANGEBYRANK', clock, 0, -1 - ARGV[7])
return {1}
