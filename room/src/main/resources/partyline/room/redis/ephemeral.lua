-- Prelude. Events that are in no log: they have no id, and whoever listens just then gets them. Builds on lease.

-- pass(room, kind, by, data)
--   room  table: channel and name
--   by    JSON; '' where nobody in particular did it
--   data  JSON
local function pass(room, kind, by, data)
  local at = string.format('%.0f', now())
  redis.call('PUBLISH', room.channel, table.concat({'~', kind, room.name, at, by, data}, '\n'))
end
