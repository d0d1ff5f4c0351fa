-- Prelude. Event ids, "<ms>-<seq>", compared as numbers: as text, "5-10" would come before "5-9".

-- split(id) -> ms, seq: numbers, exact up to 2^53
local function split(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(seq)
end

-- above(a, b) -> whether id a is greater than id b
local function above(a, b)
  local ams, aseq = split(a)
  local bms, bseq = split(b)
  return ams > bms or (ams == bms and aseq > bseq)
end
