-- Sets a webhook up or changes it, if it is still what was read.
--
-- KEYS[1]  {t}:hooks             hash: name -> JSON
-- KEYS[2]  {t}:jobs              hash: job -> cursor
-- KEYS[3]  {t}:log               stream
-- KEYS[4]  {t}:job:webhook:<w>   hash: owner; fence
-- KEYS[5]  {t}:due:<w>           sorted set: what is still to be delivered
-- KEYS[6]  {t}:pauses            hash: name -> how its endpoint does
-- ARGV[1]  text     name
-- ARGV[2]  text     '=<JSON>' as it was read, '!' if there was none
-- ARGV[3]  JSON     what it becomes
-- ARGV[4]  integer  webhooks at most
-- ARGV[5]  text     its job
--
-- Returns {'put'}, {'stale'} or {'full'}.
local hooks, cursors, log, job, due, pauses = unpack(KEYS)
local name, read, becomes, most, its_job = unpack(ARGV)
local kept = redis.call('HGET', hooks, name)
if (kept and '=' .. kept or '!') ~= read then
  return {kept == becomes and 'put' or 'stale'}
end
if not kept and redis.call('HLEN', hooks) >= tonumber(most) then
  return {'full'}
end
redis.call('HSET', hooks, name, becomes)
if enabled(becomes) then
  if not enabled(kept) then
    -- Everything from now on, whoever begins with it, and whenever.
    local info = redis.pcall('XINFO', 'STREAM', log)
    local last = '0-0'
    if not info.err then
      for i = 1, #info, 2 do
        if info[i] == 'last-generated-id' then
          last = info[i + 1]
        end
      end
    end
    redis.call('HSET', cursors, its_job, last)
    redis.call('HDEL', pauses, name)
  elseif cjson.decode(kept).url ~= cjson.decode(becomes).url then
    redis.call('HDEL', pauses, name)
  end
else
  -- Its owner is not the owner any more, and can't set the cursor again.
  redis.call('HDEL', job, 'owner', 'until')
  redis.call('HDEL', cursors, its_job)
  redis.call('HDEL', pauses, name)
  redis.call('DEL', due)
end
return {'put'}
