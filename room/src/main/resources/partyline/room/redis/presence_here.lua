-- Who is in a room now.
--
-- KEYS[1]  {t}:nodes      hash
-- KEYS[2]  {t}:p:<room>   hash
-- KEYS[3]  {t}:pv:<room>  hash
-- ARGV[1…6]  the room; see presence.lua
--
-- Returns {version, 0 if nothing was told yet; count; {person as JSON, …}, none in a crowd}.
local room = room_of(KEYS[2], KEYS[3], ARGV, 1)
local alive, lapsed = leases(KEYS[1])
local count, persons = present(room, alive, lapsed, true)
return {tonumber(redis.call('HGET', room.told, 'version') or 0), count, persons or {}}
