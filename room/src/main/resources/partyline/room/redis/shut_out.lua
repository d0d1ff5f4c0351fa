-- Revokes a person's tokens, bans them from the whole site, or lets them in again; every node hears of it.
--
-- KEYS[1]  {t}:revoked   sorted set: user, by the second up to which tokens are refused
-- KEYS[2]  {t}:banned    sorted set: user, by the second at which the ban ends; +inf without an end
-- KEYS[3]  {t}:u:<user>  hash: revoked = that second; ban = JSON {until?, reason?, by, at}, times in RFC 3339
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

-- RFC 3339 of a second, by way of the days since 0000-03-01 (Howard Hinnant, civil_from_days).
local function rfc3339(second)
  local floor = math.floor
  local day = floor(second / 86400) + 719468
  local rest = second % 86400
  local era = floor(day / 146097)
  local of_era = day - era * 146097
  local year = floor((of_era - floor(of_era / 1460) + floor(of_era / 36524) - floor(of_era / 146096)) / 365)
  local of_year = of_era - (365 * year + floor(year / 4) - floor(year / 100))
  local month = floor((5 * of_year + 2) / 153)
  local date = of_year - floor((153 * month + 2) / 5) + 1
  year = year + era * 400 + (month < 10 and 0 or 1)
  month = month < 10 and month + 3 or month - 9
  return string.format('%04d-%02d-%02dT%02d:%02d:%02dZ', year, month, date, floor(rest / 3600),
    floor(rest / 60) % 60, rest % 60)
end

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
  local ban = {by = ARGV[7], at = rfc3339(now)}
  if ends >= 0 then
    ban['until'] = rfc3339(ends)
  end
  if ARGV[8] ~= '' then
    ban.reason = ARGV[8]
  end
  redis.call('HSET', person, 'ban', cjson.encode(ban))
  return tell('banned', ends)
end

redis.call('HDEL', person, 'ban')
redis.call('ZREM', banned, user)
return tell('readmitted', 0)
