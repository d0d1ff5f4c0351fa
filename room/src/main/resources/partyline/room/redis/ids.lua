-- Prelude. Event ids, "<ms>-<seq>", compared as numbers: as text, "5-10" would come before "5-9".

-- split(id) -> ms, seq: numbers, exact up to 2^53
local function split(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(seq)
end

-- above(a, b) -> whether id a is greater than id b
local function above(a, b)
  -- Today's milliseconds have 13 digits, and of texts of one length the greater is the greater number too.
  local a13, b13 = string.sub(a, 1, 13), string.sub(b, 1, 13)
  if a13 ~= b13 and string.byte(a, 14) == 45 and string.byte(b, 14) == 45 then
    return a13 > b13
  end
  local ams, aseq = split(a)
  local bms, bseq = split(b)
  return ams > bms or (ams == bms and aseq > bseq)
end
