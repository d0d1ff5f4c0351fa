-- Finds events wherever they are still kept.
--
-- KEYS[1]            {t}:log       stream
-- KEYS[2i], [2i+1]   {t}:r:<room>  stream: resume; {t}:n:<room>  stream: history; of the i-th event
-- ARGV[i]            id  of the i-th event
--
-- Returns {index from 0, {id, packed event}, …} of those that were found.
local found = {}
for i, id in ipairs(ARGV) do
  local entry
  for _, key in ipairs({KEYS[1], KEYS[2 * i], KEYS[2 * i + 1]}) do
    entry = entry or redis.call('XRANGE', key, id, id)[1]
  end
  if entry and entry[2][1] == 'e' then
    found[#found + 1] = i - 1
    found[#found + 1] = {id, entry[2][2]}
  end
end
return found
