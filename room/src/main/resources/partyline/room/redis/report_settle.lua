-- Ends a report, or ends it otherwise than before.
--
-- KEYS[1]  {t}:q:<room>   hash; see report.lua
-- KEYS[2]  {t}:qo:<room>  sorted set: open ones by their numbers
-- KEYS[3]  {t}:qs:<room>  sorted set: settled ones by their numbers
-- ARGV[1]  integer  number
-- ARGV[2]  text     state
-- ARGV[3]  text     user who settles it
-- ARGV[4]  integer  settled ones at most
--
-- Returns {number, told, how it was settled}, see reports.lua; {} if there is none with this number.
local reports, open, settled = unpack(KEYS)
local number = ARGV[1]
local told = redis.call('HGET', reports, number)
if not told then
  return {}
end
local ending = ARGV[2] .. ' ' .. epoch_ms(redis.call('TIME')) .. ' ' .. ARGV[3]
redis.call('HSET', reports, number .. ':end', ending)
redis.call('ZREM', open, number)
redis.call('ZADD', settled, number, number)
if redis.call('ZCARD', settled) > tonumber(ARGV[4]) then
  local oldest = redis.call('ZPOPMIN', settled)[1]
  local of = redis.call('HGET', reports, oldest .. ':of')
  redis.call('HDEL', reports, oldest, oldest .. ':end', oldest .. ':of', of)
end
return {tonumber(number), told, ending}
