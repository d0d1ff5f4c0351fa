-- Notes long work that is to be done, unless the same is waiting already.
--
-- KEYS[1]  {t}:errands      sorted set: ids of those that wait, by the time they were asked for
-- KEYS[2]  {t}:errands:of   hash: what is the same -> id of the one that waits
-- KEYS[3]  {t}:errand:<id>  hash
-- ARGV[1]  text     id
-- ARGV[2]  text     kind
-- ARGV[3]  text     user
-- ARGV[4]  integer  that may wait at once
-- ARGV[5]  integer  milliseconds before now that it is about; '' for all time
-- ARGV[6]  text     what is the same
--
-- Returns {id}, or {} if too many wait.
local waiting, of, errand = unpack(KEYS)
local same = redis.call('HGET', of, ARGV[6])
if same then
  return {same}
end
if redis.call('ZCARD', waiting) >= tonumber(ARGV[4]) then
  return {}
end
local time = redis.call('TIME')
local at = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('HSET', errand, 'kind', ARGV[2], 'user', ARGV[3], 'at', at, 'last', ARGV[5], 'state', 'WAITING')
redis.call('HSET', of, ARGV[6], ARGV[1])
redis.call('ZADD', waiting, at, ARGV[1])
return {ARGV[1]}
