-- Some fields of a hash whose names begin alike.
--
-- KEYS[1]  {t}:s:<room>  hash: state
-- ARGV[1]  text     where HSCAN goes on, '0' at first
-- ARGV[2]  text     what the names begin with
-- ARGV[3]  integer  how many, about
-- ARGV[4]  integer  fields to look at, about
--
-- Returns {epoch ms, where HSCAN goes on or '0' at the end, name, value, …}; the names without what they begin with.
local prefix, count, most = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local found = {epoch_ms(redis.call('TIME')), ARGV[1]}
local looked = 0
repeat
  local page = redis.call('HSCAN', KEYS[1], found[2], 'MATCH', prefix .. '*', 'COUNT', count)
  found[2] = page[1]
  for i = 1, #page[2], 2 do
    found[#found + 1] = string.sub(page[2][i], #prefix + 1)
    found[#found + 1] = page[2][i + 1]
  end
  looked = looked + count
until found[2] == '0' or #found >= 2 + 2 * count or looked >= most
return found
