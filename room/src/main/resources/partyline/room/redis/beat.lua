-- Proves that this Redis is the primary and takes writes, checks the epoch, and lets every feed hear of it.
--
-- A PUBLISH alone would prove nothing: on a replica, and on a primary that lost its replicas, it succeeds while writes
-- are refused. Full memory is no reason to be silent, though: Redis asks for READONLY, MISCONF and NOREPLICAS before
-- it asks for memory, so an OOM proves the rest, and a silent feed would make every node reconnect in vain.
--
-- KEYS[1]  {t}:log     stream
-- KEYS[2]  {t}:epochs  hash: replid; start id -> branch id
-- KEYS[3]  {t}:beat    string: when the last pulse went out, in epoch milliseconds
-- ARGV[1]  id       the highest the caller's feed ever got
-- ARGV[2]  text     control channel
-- ARGV[3]  integer  milliseconds a new epoch starts ahead
-- ARGV[4]  integer  epochs to keep
-- ARGV[5]  integer  milliseconds between two pulses at least
--
-- Returns {last id, {start, branch, …}}.
local log, epochs, beat = unpack(KEYS)
local replid = primary()
if lost(log, epochs, replid, ARGV[1]) then
  begin_epoch(log, epochs, ARGV[2], replid, ARGV[1], ARGV[3], ARGV[4])
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local pulse = tonumber(redis.call('GET', beat) or 0)
-- A pulse in the future was sent before the clock stepped back.
local due = pulse > now or now - pulse >= tonumber(ARGV[5])
local written = redis.pcall('SET', beat, string.format('%.0f', due and now or pulse))
if written.err and not string.find(written.err, '^-?OOM') then
  return written
end

local last = last_id(log)
if due then
  tell(ARGV[2], 'beat ' .. last)
end
return {last, epoch_list(epochs)}
