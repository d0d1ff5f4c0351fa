-- Gives a job to whoever asks for it, if it is free, his own, or its lease has lapsed by the clock of Redis.
--
-- KEYS[1]  {t}:job:<job>  hash: owner; fence; until, in epoch milliseconds
-- KEYS[2]  {t}:jobs       hash: job -> cursor
-- ARGV[1]  text     job
-- ARGV[2]  text     who asks
-- ARGV[3]  integer  milliseconds until the lease lapses
--
-- Returns {'claimed', fence, cursor or nil, 1 if the last owner went without handing it back} or {'held', owner, milliseconds left}.
local job, cursors = unpack(KEYS)
local asks, length = ARGV[2], tonumber(ARGV[3])
local time = now()

local owner, ends = unpack(redis.call('HMGET', job, 'owner', 'until'))
if owner and owner ~= asks then
  local left = ends - time
  if left > length then
    -- The clock stepped back, and a dead owner must not keep the job for as long as that.
    left = length
    redis.call('HSET', job, 'until', string.format('%.0f', time + left))
  end
  if left > 0 then
    return {'held', owner, left}
  end
end

local fence = redis.call('HINCRBY', job, 'fence', 1)
redis.call('HSET', job, 'owner', asks, 'until', string.format('%.0f', time + length))
return {'claimed', fence, redis.call('HGET', cursors, ARGV[1]), owner and owner ~= asks and 1 or 0}
