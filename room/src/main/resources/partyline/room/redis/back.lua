-- The id after which exactly the last n retained events of some rooms lie.
--
-- Of each room its share of n is read, and the (n + 1)th newest of these is a lower bound of the answer; then only
-- the rooms that may have more above that bound are read again.
--
-- KEYS[1…] {t}:r:<room>  stream: resume, of each room
-- ARGV[1]  integer  n
--
-- Returns an id, '0-0' when no more than n are retained.
local wanted = tonumber(ARGV[1]) + 1
primary()

local found = {}

-- Collects ids from above `bound` down to `floor`; the lowest of them, or nil if there were less than `count`.
local function collect(key, bound, floor, count)
  local entries = redis.call('XREVRANGE', key, bound, floor, 'COUNT', count)
  for _, entry in ipairs(entries) do
    local ms, seq = split(entry[1])
    found[#found + 1] = {ms, seq, entry[1]}
  end
  return #entries == count and entries[count][1] or nil
end

local function nth()
  table.sort(found, function(a, b)
    return a[1] > b[1] or (a[1] == b[1] and a[2] > b[2])
  end)
  return found[wanted] and found[wanted][3] or '0-0'
end

local share = math.min(wanted, math.ceil(wanted / #KEYS) + 8)
local lowest = {}
for i, key in ipairs(KEYS) do
  lowest[i] = collect(key, '+', '-', share) or false
end
local floor = nth()
for i, key in ipairs(KEYS) do
  if lowest[i] and above(lowest[i], floor) then
    collect(key, '(' .. lowest[i], floor, wanted)
  end
end
return {nth()}
