-- Prelude. Fields of hashes, as arguments name them: the place of the hash among the keys, from 1, then the field's name.

-- read(keys, args, from, count, step) -> the value, or false, of each of so many fields
--   from  where args hold the first one's place; its name comes next
--   step  how many arguments further the next one stands
-- Neighbours of one hash are read at once.
local function read(keys, args, from, count, step)
  local values = {}
  local names = {}
  for i = 1, count do
    local at = from + (i - 1) * step
    names[#names + 1] = args[at + 1]
    if i == count or args[at + step] ~= args[at] then
      for _, value in ipairs(redis.call('HMGET', keys[tonumber(args[at])], unpack(names))) do
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
