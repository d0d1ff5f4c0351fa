-- Notes how far long work is. What has ended stays as it ended: who stood still in a step of it, until somebody else had
-- done all the others, would have it run for ever.
--
-- KEYS[1]  {t}:errands      sorted set: ids of those that wait
-- KEYS[2]  {t}:errands:of   hash: what is the same -> id of the one that waits
-- KEYS[3]  {t}:errand:<id>  hash
-- ARGV[1]  text     id
-- ARGV[2]  text     what is the same
-- ARGV[3]  1 if it has ended, else 0
-- ARGV[4]  integer  milliseconds for which one that has ended is kept
-- ARGV[5…]          fields and values
--
-- Returns {}.
local waiting, of, errand = unpack(KEYS)
if redis.call('EXISTS', errand) == 0 or not redis.call('ZSCORE', waiting, ARGV[1]) then
  return {}
end
redis.call('HSET', errand, unpack(ARGV, 5))
if ARGV[3] == '1' then
  redis.call('ZREM', waiting, ARGV[1])
  redis.call('HDEL', of, ARGV[2])
  redis.call('PEXPIRE', errand, ARGV[4])
end
return {}
