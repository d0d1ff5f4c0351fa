-- Removes an incoming hook.
--
-- KEYS[1]  {t}:in         hash: name -> JSON
-- KEYS[2]  {t}:in:tokens  hash: SHA-256 of a token -> name
-- ARGV[1]  text  name
--
-- Returns {1}, or {0} if there was none.
local hooks, tokens = unpack(KEYS)
local was = redis.call('HGET', hooks, ARGV[1])
if not was then
  return {0}
end
redis.call('HDEL', tokens, cjson.decode(was).token)
redis.call('HDEL', hooks, ARGV[1])
return {1}
