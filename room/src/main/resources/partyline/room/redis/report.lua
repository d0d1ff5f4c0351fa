-- Queues what somebody reports of a message.
--
-- KEYS[1]  {t}:q:<room>           hash: last = number of the last report; for each kept one '<number>' = what reports.lua
--                                 says of it, '<number>:end' = how it was settled, '<number>:of' = the next field's name;
--                                 '<message> <user>' = its number
-- KEYS[2]  {t}:qo:<room>          sorted set: open ones by their numbers
-- KEYS[3]  {t}:complaints:<user>  string: how many in this hour
-- ARGV[1]  id       message
-- ARGV[2]  text     user
-- ARGV[3]  text     their name
-- ARGV[4]  text     '=<reason>', or '' without one
-- ARGV[5]  integer  open ones at most
-- ARGV[6]  integer  of one user in an hour at most
--
-- Returns {'filed', 1 if it is new, else 0, number, told, how it was settled or nil}, {'full'} or
-- {'limited', milliseconds to wait}.
local reports, open, complaints = unpack(KEYS)
local message, user = ARGV[1], ARGV[2]
local of = message .. ' ' .. user
local known = redis.call('HGET', reports, of)
if known then
  return {'filed', 0, tonumber(known), unpack(redis.call('HMGET', reports, known, known .. ':end'))}
end
if redis.call('ZCARD', open) >= tonumber(ARGV[5]) then
  return {'full'}
end
if tonumber(redis.call('GET', complaints) or 0) >= tonumber(ARGV[6]) then
  return {'limited', redis.call('PTTL', complaints)}
end

if redis.call('INCR', complaints) == 1 then
  redis.call('PEXPIRE', complaints, 3600000)
end
local number = redis.call('HINCRBY', reports, 'last', 1)
local told = table.concat({epoch_ms(redis.call('TIME')), message, user, ARGV[3], ARGV[4]}, '\n')
redis.call('HSET', reports, number, told, number .. ':of', of, of, number)
redis.call('ZADD', open, number, number)
return {'filed', 1, number, told, false}
