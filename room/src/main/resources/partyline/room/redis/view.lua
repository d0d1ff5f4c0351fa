-- What decisions are made on, of one instant: for each, some fields of a room, and some of its messages as they stand.
--
-- KEYS   those of each view, in their order
-- ARGV   the views, as each.lua has it
--
-- Of one view:
-- KEYS[1]  {t}:h:<room>  hash: last = id of the room's last event
-- KEYS[2]  {t}:n:<room>  stream: history
-- KEYS[3]  {t}:m:<room>  hash: amended messages, by id
-- KEYS[4]  {t}:x:<room>  hash: reactions, by id
-- KEYS[5]  {t}:s:<room>  hash: state
-- KEYS[6…]               hashes that hold fields
-- ARGV[1]  integer  n, the number of fields
-- ARGV[2…]          n pairs: place in KEYS, name; then ids of messages, to the end
--
-- Becomes {epoch ms, head id, {value or nil of each field}, {id, packed or nil, amendment or nil, reactions or nil, …},
-- pins or nil}; the last two only if messages were asked for.
primary()
local at = epoch_ms(redis.call('TIME'))

return each(0, 1, function(KEYS, ARGV)
  local head, history, amended, reactions, state = unpack(KEYS)
  local fields = tonumber(ARGV[1])
  local ids = {unpack(ARGV, 2 + 2 * fields)}
  local seen = {at, redis.call('HGET', head, 'last') or '0-0', read(KEYS, ARGV, 2, fields, 2)}
  if #ids > 0 then
    seen[4] = standing(named(history, ids), amended, reactions)
    seen[5] = redis.call('HGET', state, 'pins')
  end
  return seen
end)
