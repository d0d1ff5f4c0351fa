-- Takes entries of a room out of the log, of its resume and of its history.
--
-- KEYS[1]  {t}:log       stream
-- KEYS[2]  {t}:r:<room>  stream: resume
-- KEYS[3]  {t}:n:<room>  stream: history
-- KEYS[4]  {t}:h:<room>  hash: head
-- ARGV     ids
--
-- Returns {}.
local log, resume, history, head = unpack(KEYS)
local first = redis.call('XRANGE', resume, '-', '+', 'COUNT', 1)[1]
redis.call('XDEL', log, unpack(ARGV))
redis.call('XDEL', resume, unpack(ARGV))
redis.call('XDEL', history, unpack(ARGV))
-- The first of resume now names an event before it that was not trimmed but erased; see append.lua.
local now_first = redis.call('XRANGE', resume, '-', '+', 'COUNT', 1)[1]
if first and now_first and now_first[1] ~= first[1] then
  redis.call('HSET', head, 'bridge', now_first[1] .. ' ' .. before_first(first, redis.call('HGET', head, 'bridge')))
end
return {}
