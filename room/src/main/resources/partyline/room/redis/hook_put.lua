-- Sets an incoming hook up, or in place of the one of its name.
--
-- KEYS[1]  {t}:in         hash: name -> JSON
-- KEYS[2]  {t}:in:tokens  hash: SHA-256 of a token -> name
-- ARGV[1]  text     name
-- ARGV[2]  JSON     the hook
-- ARGV[3]  text     SHA-256 of its token
-- ARGV[4]  integer  hooks at most
--
-- Returns {1}, or {0} if there are as many already.
local hooks, tokens = unpack(KEYS)
local was = redis.call('HGET', hooks, ARGV[1])
if was then
  redis.call('HDEL', tokens, cjson.decode(was).token)
elseif redis.call('HLEN', hooks) >= tonumber(ARGV[4]) then
  return {0}
end
redis.call('HSET', hooks, ARGV[1], ARGV[2])
redis.call('HSET', tokens, ARGV[3], ARGV[1])
return {1}
