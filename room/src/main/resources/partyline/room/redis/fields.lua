-- Prelude. Fields of hashes, as arguments name them: the place of the hash in KEYS, from 1, then the field's name.

-- read(from, count, step) -> the value, or false, of each of so many fields
--   from  where ARGV holds the first one's place; its name comes next
--   step  how many arguments further the next one stands
-- Neighbours of one hash are read at once.
local function read(from, count, step)
  local values = {}
  local names = {}
  for i = 1, count do
    local at = from + (i - 1) * step
    names[#names + 1] = ARGV[at + 1]
    if i == count or ARGV[at + step] ~= ARGV[at] then
      for _, value in ipairs(redis.call('HMGET', KEYS[tonumber(ARGV[at])], unpack(names))) do
        values[#values + 1] = value
      end
      names = {}
    end
  end
  return values
end

-- epoch_ms(time) -> epoch milliseconds as text, of what TIME said
local function epoch_ms(time)
  return time[1] .. string.format('%03d', math.floor(time[2] / 1000))
end
