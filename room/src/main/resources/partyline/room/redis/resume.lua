-- Prelude. Where a room's resume stream begins.

-- before_first(first, bridge) -> the id of the room's event before the first retained one, erased ones left out
--   first   the entry
--   bridge  '<id> <prev>', noted when what stood before the entry with this id was erased; nil or false for none
-- Erasing must not look like trimming: of 1, 2, 3 the first is erased, and 2 still names 1 as the one before it, which
-- a client that stands at 0 then seems to miss.
local function before_first(first, bridge)
  if bridge then
    local id, prev = string.match(bridge, '^(%S+) (%S+)$')
    if id == first[1] then
      return prev
    end
  end
  return string.match(first[2][2], '^[^\n]*\n[^\n]*\n[^\n]*\n([^\n]*)\n')
end
