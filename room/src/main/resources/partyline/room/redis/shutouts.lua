-- All who are shut out just now, unless the caller knows them.
--
-- KEYS[1]  {t}:revoked   sorted set: user, by the second up to which tokens are refused
-- KEYS[2]  {t}:banned    sorted set: user, by the second at which the ban ends; +inf without an end
-- KEYS[3]  {t}:shutouts  string: the version
-- ARGV[1]  integer  the version that the caller knows; -1 for none
-- ARGV[2]  integer  seconds a revocation is kept
--
-- Returns {version}, or {version, {user, second, …} revoked, {user, second or 'inf', …} banned}.
local version = redis.call('GET', KEYS[3]) or '0'
if version == ARGV[1] then
  return {version}
end
local now = tonumber(redis.call('TIME')[1])
return {
  version,
  redis.call('ZRANGEBYSCORE', KEYS[1], now - ARGV[2], '+inf', 'WITHSCORES'),
  redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. now, '+inf', 'WITHSCORES'),
}
