-- Takes away some of what a deleted room held: first who reacted to what, message by message, then all the rest.
--
-- UNLINK frees elsewhere, so that even ten thousand messages are no pause for anybody.
--
-- KEYS[1]  {t}:gone      sorted set: deleted rooms
-- KEYS[2]  {t}:s:<room>  hash: state
-- KEYS[3]  {t}:k:<room>  sorted set: messages that were amended or reacted to
-- KEYS[4…]               what else it held; or the sets of who reacted to the messages that are named
-- ARGV[1]  text  room
-- ARGV[2…]       messages, if there are any
--
-- Returns {1} if there is more, else {0}.
local gone, state, touched = unpack(KEYS)
local settings = redis.call('HGET', state, 'settings')
if not settings or not string.find(settings, '"deleted":true', 1, true) then
  -- It is there again, after a failover that lost its end.
  redis.call('ZREM', gone, ARGV[1])
  return {0}
end
if #ARGV > 1 then
  redis.call('ZREM', touched, unpack(ARGV, 2))
  redis.call('UNLINK', unpack(KEYS, 4))
  return {1}
end
redis.call('UNLINK', unpack(KEYS, 2))
redis.call('HSET', state, 'settings', settings)
redis.call('ZREM', gone, ARGV[1])
return {0}
