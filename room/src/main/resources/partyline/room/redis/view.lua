-- What a decision is made on: some fields, and some messages as they stand.
--
-- KEYS[1]  {t}:h:<room>  hash: last = id of the room's last event
-- KEYS[2]  {t}:n:<room>  stream: history
-- KEYS[3]  {t}:m:<room>  hash: amended messages, by id
-- KEYS[4]  {t}:x:<room>  hash: reactions, by id
-- KEYS[5]  {t}:s:<room>  hash: state
-- KEYS[6…]               hashes that hold fields
-- ARGV[1]  integer  n, the number of fields
-- ARGV[2…]          n pairs: place in KEYS, name; then ids of messages, to the end
--
-- Returns {epoch ms, head id, {value or nil of each field}, {id, packed or nil, amendment or nil, reactions or nil, …},
-- pins or nil}.
local head, history, amended, reactions, state = unpack(KEYS)
local fields = tonumber(ARGV[1])
primary()

local ids = {}
for i = 2 + 2 * fields, #ARGV do
  ids[#ids + 1] = ARGV[i]
end
return {
  epoch_ms(redis.call('TIME')),
  redis.call('HGET', head, 'last') or '0-0',
  read(2, fields, 2),
  standing(named(history, ids), amended, reactions),
  redis.call('HGET', state, 'pins')
}
