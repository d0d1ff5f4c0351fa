-- Revokes a person's tokens, bans them from the whole site, or lets them in again; every node hears of it.
--
-- KEYS[1]  {t}:revoked   sorted set: user, by the second up to which tokens are refused
-- KEYS[2]  {t}:banned    sorted set: user, by the second at which the ban ends; +inf without an end
-- KEYS[3]  {t}:u:<user>  hash: revoked = that second; ban = JSON {until?, by, reason, at}
-- KEYS[4]  {t}:shutouts  string: the version
-- ARGV[1]  text     revoke, ban or unban
-- ARGV[2]  text     user
-- ARGV[3]  integer  seconds a revocation is kept
-- ARGV[4]  integer  users in one of the sets at most
-- ARGV[5]  text     control channel
-- ARGV[6]  integer  seconds the ban lasts; -1 without an end
-- ARGV[7]  text     who bans
-- ARGV[8]  text     reason
--
-- Publishes 'shutout <version> revoked <second> <user>', '… banned <second or -1> <user>' or '… readmitted 0 <user>'.
-- Returns {'done', second or -1} or {'full'}.
local revoked, banned, person, version = unpack(KEYS)
local what, user = ARGV[1], ARGV[2]
local now = tonumber(redis.call('TIME')[1])

local function take(set, score)
  if redis.call('ZCARD', set) >= tonumber(ARGV[4]) and not redis.call('ZSCORE', set, user) then
    return false
  end
  redis.call('ZADD', set, score, user)
  return true
end

local function tell(word, second)
  local changed = redis.call('INCR', version)
  local text = string.format('shutout %.0f %s %.0f ', changed, word, second)
  redis.call('PUBLISH', ARGV[5], text .. user)
  return {'done', second}
end

if what == 'revoke' then
  redis.call('ZREMRANGEBYSCORE', revoked, '-inf', '(' .. (now - ARGV[3]))
  if not take(revoked, now) then
    return {'full'}
  end
  redis.call('HSET', person, 'revoked', now)
  return tell('revoked', now)
end

if what == 'ban' then
  redis.call('ZREMRANGEBYSCORE', banned, '-inf', now)
  local length = tonumber(ARGV[6])
  local ends = length < 0 and -1 or now + length
  if not take(banned, length < 0 and '+inf' or ends) then
    return {'full'}
  end
  local ban = {by = ARGV[7], reason = ARGV[8], at = now}
  if ends >= 0 then
    ban['until'] = ends
  end
  redis.call('HSET', person, 'ban', cjson.encode(ban))
  return tell('banned', ends)
end

redis.call('HDEL', person, 'ban')
redis.call('ZREM', banned, user)
return tell('readmitted', 0)
