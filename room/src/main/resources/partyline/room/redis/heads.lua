-- The last event id of each room.
--
-- KEYS[1…]  {t}:h:<room>  hash: last = id of the room's last event
--
-- Returns an id for each, '0-0' for a room that never had an event.
primary()
local heads = {}
for i, key in ipairs(KEYS) do
  heads[i] = redis.call('HGET', key, 'last') or '0-0'
end
return heads
