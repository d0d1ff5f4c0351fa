-- Keeps what a node says of itself, and tells it what time it is and whether it is to leave.
--
-- KEYS[1]  {t}:reports         sorted set: nodes by the milliseconds of their last report
-- KEYS[2]  {t}:report:<node>   string: the report
-- KEYS[3]  {t}:leave:<node>    string: somebody wants the node to drain
-- ARGV[1]  text     the node
-- ARGV[2]  text     the report
-- ARGV[3]  integer  milliseconds it is kept
--
-- Returns {milliseconds since 1970, 1 if it is to leave}.
local reports, report, leave = unpack(KEYS)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('SET', report, ARGV[2], 'PX', ARGV[3])
redis.call('ZADD', reports, string.format('%.0f', now), ARGV[1])
-- The clock may have stepped back: what lies in the future is of no use either.
redis.call('ZREMRANGEBYSCORE', reports, '-inf', string.format('(%.0f', now - ARGV[3]))
redis.call('ZREMRANGEBYSCORE', reports, string.format('(%.0f', now + ARGV[3]), '+inf')
return {string.format('%.0f', now), redis.call('DEL', leave)}
