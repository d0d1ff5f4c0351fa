-- Forgets what is kept beside messages that history holds no more: what they were amended to, who reacted, and what
-- erasing left.
--
-- KEYS[1]  {t}:n:<room>  stream: history
-- KEYS[2]  {t}:m:<room>  hash: amended messages, by id; '<id>:log' = the ids of the events that amended them
-- KEYS[3]  {t}:x:<room>  hash: reactions, by id
-- KEYS[4]  {t}:k:<room>  sorted set: messages that were amended or reacted to
-- KEYS[5]  {t}:t:<room>  sorted set: erased messages by their numbers
-- KEYS[6…]               of each message: the set of who reacted
-- ARGV[1]  id       erased ones below it
-- ARGV[2]  integer  of them at most
-- ARGV[3…]          messages that were touched
--
-- Returns {messages forgotten}.
local history, amended, reactions, touched, erased = unpack(KEYS)
local count = 0
for i = 3, #ARGV do
  local message = ARGV[i]
  if #redis.call('XRANGE', history, message, message) == 0 then
    redis.call('HDEL', amended, message, message .. ':log')
    redis.call('HDEL', reactions, message)
    redis.call('UNLINK', KEYS[i + 3])
    redis.call('ZREM', touched, message)
    count = count + 1
  end
end
for _, message in ipairs(redis.call('ZRANGE', erased, 0, ARGV[2] - 1)) do
  if not above(ARGV[1], message) then
    break
  end
  redis.call('HDEL', amended, message)
  redis.call('ZREM', erased, message)
  count = count + 1
end
return {count}
