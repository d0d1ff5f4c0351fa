-- Prelude, after primary.lua, ids.lua, epoch.lua and lease.lua. A step of a job's cursor; see partyline.room.Advance.

-- may_step(job, cursors, epochs, lease…, step…) -> whether the cursor may be moved: the job is still his, the cursor
-- stands where he knows it, and no epoch began that he has not read; one that nobody has noticed yet counts too.
--   job, cursors, epochs  keys
--   owner, fence          of the lease
--   name                  of the job
--   from                  id; '' if the job never ran
--   to                    id; where it stands already the answer was lost, and the step was not
--   epoch                 id; the start of the newest he has read, '0-0' for none
local function may_step(job, cursors, epochs, owner, fence, name, from, to, epoch)
  if not holds(job, owner, fence) then
    return false
  end
  local at = redis.call('HGET', cursors, name) or ''
  if at ~= from and at ~= to then
    return false
  end
  local replid = redis.call('HGET', epochs, 'replid')
  if replid and replid ~= primary() then
    return false
  end
  local newest = '0-0'
  local list = epoch_list(epochs)
  for i = 1, #list, 2 do
    if above(list[i], newest) then
      newest = list[i]
    end
  end
  return newest == epoch
end
