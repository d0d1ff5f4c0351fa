-- Has something delivered before everything else that is due.
--
-- KEYS[1]  {t}:hooks    hash: name -> JSON
-- KEYS[2]  {t}:due:<w>  sorted set: parcels by the millisecond they are due
-- ARGV[1]  text  name
-- ARGV[2]  text  parcel
--
-- Returns {1}, or {0} if there is no such webhook, or it is turned off.
if not enabled(redis.call('HGET', KEYS[1], ARGV[1])) then
  return {0}
end
redis.call('ZADD', KEYS[2], 0, ARGV[2])
return {1}
