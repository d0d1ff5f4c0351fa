-- Keeps a part of what comes of long work, unless that has ended: it would be there a day longer than anybody knows of
-- it, and be found by nobody who is to forget it.
--
-- KEYS[1]  {t}:errands             sorted set: ids of those that wait, by the time they were asked for
-- KEYS[2]  {t}:errand:<id>:<part>  string
-- ARGV[1]  text     id
-- ARGV[2]  text     the part
-- ARGV[3]  integer  milliseconds for which it is kept
--
-- Returns {}.
local waiting, part = unpack(KEYS)
if redis.call('ZSCORE', waiting, ARGV[1]) then
  redis.call('SET', part, ARGV[2], 'PX', ARGV[3])
end
return {}
