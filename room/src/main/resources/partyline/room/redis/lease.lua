-- Prelude. Leases of jobs; see partyline.room.JobLedger.

-- micros() -> epoch microseconds, by the clock of Redis
local function micros()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

-- now() -> epoch milliseconds, by the same clock
local function now()
  return math.floor(micros() / 1000)
end

-- holds(job, owner, fence) -> whether the job is still his who got it under this fence
--   job  key, {t}:job:<job>: a hash of owner, fence and until
local function holds(job, owner, fence)
  local held = redis.call('HMGET', job, 'owner', 'fence')
  return held[1] == owner and held[2] == fence
end
