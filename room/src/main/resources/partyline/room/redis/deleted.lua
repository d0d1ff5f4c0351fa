-- Rooms that were deleted, and of whose end the log knows no more.
--
-- KEYS[1]  {t}:log   stream
-- KEYS[2]  {t}:gone  sorted set: deleted rooms by the milliseconds of the event that said so
-- ARGV[1]  integer  at most
--
-- Returns {room, …}
local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
local before = first and '(' .. string.format('%.0f', (split(first[1]))) or '+inf'
return redis.call('ZRANGE', KEYS[2], '-inf', before, 'BYSCORE', 'LIMIT', 0, ARGV[1])
