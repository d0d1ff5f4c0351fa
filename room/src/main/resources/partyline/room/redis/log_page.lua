-- A page of the whole log, after the epoch check.
--
-- KEYS[1]  {t}:log     stream
-- KEYS[2]  {t}:epochs  hash: replid; start id -> branch id
-- ARGV[1]  id       after which to read, exclusive
-- ARGV[2]  id       the highest the caller's feed ever got
-- ARGV[3]  integer  entries at most
-- ARGV[4]  integer  bytes, about, at most
-- ARGV[5]  text     control channel
-- ARGV[6]  integer  milliseconds a new epoch starts ahead
-- ARGV[7]  integer  epochs to keep
--
-- Returns {first id or '0-0', last id, {start, branch, …}, {id, field, value, …}, 1 if the log goes on behind it,
-- 1 if entries before the page may have been trimmed}.
local log, epochs = unpack(KEYS)
local after = ARGV[1]
local replid = primary()
if lost(log, epochs, replid, ARGV[2]) then
  begin_epoch(log, epochs, ARGV[5], replid, ARGV[2], ARGV[6], ARGV[7])
end

local info = stream(log)
local last = info['last-generated-id']
local first = info['first-entry'] and info['first-entry'][1] or '0-0'

local trimmed
if first == '0-0' then
  trimmed = above(last, after)
else
  trimmed = above(first, after) and info['entries-added'] ~= info['length']
end

local entries = {}
local limit, bytes = tonumber(ARGV[3]), tonumber(ARGV[4])
local more = true
while more and limit > 0 and bytes > 0 do
  -- In small steps: XRANGE can be told a number of entries only, and a thousand of the longest are 20 MB.
  local step = math.min(limit, 50)
  local got = redis.call('XRANGE', log, '(' .. after, '+', 'COUNT', step)
  for _, entry in ipairs(got) do
    after = entry[1]
    entries[#entries + 1] = after
    entries[#entries + 1] = entry[2][1]
    entries[#entries + 1] = entry[2][2]
    bytes = bytes - #entry[2][2]
  end
  limit = limit - step
  more = #got == step and #redis.call('XRANGE', log, '(' .. after, '+', 'COUNT', 1) > 0
end
return {first, last, epoch_list(epochs), entries, more and 1 or 0, trimmed and 1 or 0}
