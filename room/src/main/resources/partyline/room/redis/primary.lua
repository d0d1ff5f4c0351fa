-- Prelude. primary() -> the replication id of this Redis, which is the primary.
--
-- Fails with READONLY on a replica: an answer of one that lags would look complete and is not.
local function primary()
  local info = redis.call('INFO', 'replication')
  if not string.find(info, 'role:master', 1, true) then
    error({err = 'READONLY A replica can not tell how far it is complete.'})
  end
  local _, colon = string.find(info, 'master_replid:', 1, true)
  return string.sub(info, colon + 1, colon + 40)
end
