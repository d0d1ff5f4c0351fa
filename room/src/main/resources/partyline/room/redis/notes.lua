-- Prelude. Notes of where the log ended; see partyline.room.Retention.
--
-- A note is a member "<own time> <epoch milliseconds> <last id>" of a sorted set, with its own time for a score: the sum
-- of the gaps up to it, begun at the first note's epoch milliseconds. It never falls and never jumps, whatever the
-- clock does, and ids rise with it.

-- newest_note(clock) -> the newest note and its own time; nil if there is none
local function newest_note(clock)
  local newest = redis.call('ZRANGE', clock, -1, -1, 'WITHSCORES')
  return newest[1], tonumber(newest[2])
end

-- noted(clock, age) -> the last id as it was noted at least `age` milliseconds before the newest note; nil if the
-- notes don't go back that far
local function noted(clock, age)
  local _, time = newest_note(clock)
  if not time then
    return nil
  end
  local note = redis.call('ZRANGE', clock, string.format('%.0f', time - age), '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, 1)
  return note[1] and string.match(note[1], ' (%S+)$')
end
