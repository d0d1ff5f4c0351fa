-- Keeps what a node says of itself, and tells it what time it is, whether it is to leave, and what all gateways carry.
--
-- KEYS[1]  {t}:reports         sorted set: nodes by the milliseconds of their last report
-- KEYS[2]  {t}:report:<node>   string: the report
-- KEYS[3]  {t}:leave:<node>    string: somebody wants the node to drain
-- KEYS[4]  {t}:burdens         hash: by gateway, '<milliseconds since 1970> <its burden>'
-- ARGV[1]  text     the node
-- ARGV[2]  text     the report
-- ARGV[3]  integer  milliseconds it is kept
-- ARGV[4]  text     its burden: the streams it has open, 'leaving', or '' of who is no gateway
--
-- Returns {milliseconds since 1970, 1 if it is to leave, gateways that serve, their streams, the fewest of one, gateways that
-- leave}.
local reports, report, leave, burdens = unpack(KEYS)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('SET', report, ARGV[2], 'PX', ARGV[3])
redis.call('ZADD', reports, string.format('%.0f', now), ARGV[1])
-- The clock may have stepped back: what lies in the future is of no use either.
redis.call('ZREMRANGEBYSCORE', reports, '-inf', string.format('(%.0f', now - ARGV[3]))
redis.call('ZREMRANGEBYSCORE', reports, string.format('(%.0f', now + ARGV[3]), '+inf')

if ARGV[4] ~= '' then
  redis.call('HSET', burdens, ARGV[1], string.format('%.0f %s', now, ARGV[4]))
end
local serving, streams, least, leaving = 0, 0, math.huge, 0
local all = redis.call('HGETALL', burdens)
for i = 1, #all, 2 do
  local at, burden = string.match(all[i + 1], '^(%d+) (%w+)$')
  if math.abs(now - at) > tonumber(ARGV[3]) then
    redis.call('HDEL', burdens, all[i])
  elseif burden == 'leaving' then
    leaving = leaving + 1
  else
    serving = serving + 1
    streams = streams + tonumber(burden)
    least = math.min(least, tonumber(burden))
  end
end
return {
  string.format('%.0f', now),
  redis.call('DEL', leave),
  tostring(serving),
  string.format('%.0f', streams),
  string.format('%.0f', serving == 0 and 0 or least),
  tostring(leaving),
}
