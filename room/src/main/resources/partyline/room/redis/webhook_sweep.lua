-- Forgets the jobs of webhooks that are turned off or gone.
--
-- KEYS[1]              {t}:hooks            hash: name -> JSON
-- KEYS[2]              {t}:jobs             hash: job -> cursor
-- KEYS[2i+1], [2i+2]   {t}:job:webhook:<w>  hash; {t}:due:<w>  sorted set; of the i-th
-- ARGV[2i-1], [2i]     text  name and job of the i-th
--
-- Returns {how many were forgotten}.
local swept = 0
for i = 1, #ARGV / 2 do
  local name, job = ARGV[2 * i - 1], ARGV[2 * i]
  if not enabled(redis.call('HGET', KEYS[1], name)) then
    redis.call('HDEL', KEYS[2], job)
    redis.call('DEL', KEYS[2 * i + 1], KEYS[2 * i + 2])
    swept = swept + 1
  end
end
return {swept}
