-- Prelude, after primary.lua and ids.lua. Makes lost writes visible; see partyline.room.Epoch.

-- stream(log) -> what XINFO STREAM knows, by name; nil if there is no such key
local function stream(log)
  local flat = redis.pcall('XINFO', 'STREAM', log)
  if flat.err then
    return nil
  end
  local info = {}
  for i = 1, #flat, 2 do
    info[flat[i]] = flat[i + 1]
  end
  return info
end

-- last_id(log) -> the highest id the log ever gave out, '0-0' for no log
local function last_id(log)
  local info = stream(log)
  return info and info['last-generated-id'] or '0-0'
end

-- epoch_list(epochs) -> {start, branch, start, branch, …} in no order
local function epoch_list(epochs)
  local flat = redis.call('HGETALL', epochs)
  local list = {}
  for i = 1, #flat, 2 do
    if flat[i] ~= 'replid' then
      list[#list + 1] = flat[i]
      list[#list + 1] = flat[i + 1]
    end
  end
  return list
end

-- tell(channel, text): a push that whoever listens to this Redis hears, and nobody who listens to its replicas. Redis
-- would send it on. A primary that another one replaced, and that follows it now, would tell of the other's log to those
-- who still listen to it and have heard of no epoch; so it falls silent, and they look for the primary, and read.
local function tell(channel, text)
  redis.set_repl(redis.REPL_NONE)
  redis.call('PUBLISH', channel, text)
  redis.set_repl(redis.REPL_ALL)
end

-- begin_epoch(log, epochs, control, replid, seen, jump, keep): branches off where the log ends, and goes on above
-- everything anybody can have seen.
--   log, epochs  keys
--   control      channel that hears "epoch <branch> <start>"
--   replid       what primary() said
--   seen         the highest id the caller ever got from here
--   jump         milliseconds between that and the start
--   keep         epochs to keep
local function begin_epoch(log, epochs, control, replid, seen, jump, keep)
  local branch = last_id(log)
  local time = redis.call('TIME')
  local highest = math.max(time[1] * 1000 + math.ceil(time[2] / 1000), (split(branch)), (split(seen)))
  local oldest, count = nil, 0
  local list = epoch_list(epochs)
  for i = 1, #list, 2 do
    -- A log that was deleted by hand leaves its epochs behind; its ids must not come again either.
    highest = math.max(highest, (split(list[i])))
    count = count + 1
    if not oldest or above(oldest, list[i]) then
      oldest = list[i]
    end
  end
  -- Where ids run ahead of the clock, two failovers that branch off at the same entry, the first of them lost in the
  -- second, would come to the same start, and give out the same ids again: so it carries the clock, in microseconds.
  local start = string.format('%.0f-%.0f', highest + jump, time[1] % 1000 * 1000000 + time[2])

  redis.call('XADD', log, start, 'epoch', branch)
  redis.call('HSET', epochs, 'replid', replid, start, branch)
  if count >= tonumber(keep) then
    redis.call('HDEL', epochs, oldest)
  end
  tell(control, 'epoch ' .. branch .. ' ' .. start)
end

-- lost(log, epochs, replid, seen) -> whether writes may have been lost: this Redis' history of replication is another
-- one than the log was written under, or the log is gone, or it ends below what the caller has seen.
--   seen  an id; nil if it is proved otherwise to be in the log
-- An entry at or above `seen` is the cheap proof that the log reaches it: only without one (trimmed, erased) the
-- stream itself is asked.
local function lost(log, epochs, replid, seen)
  if redis.call('HGET', epochs, 'replid') ~= replid then
    return true
  end
  if not seen or #redis.call('XRANGE', log, seen, '+', 'COUNT', 1) > 0 then
    return false
  end
  local info = stream(log)
  return not info or above(seen, info['last-generated-id'])
end
