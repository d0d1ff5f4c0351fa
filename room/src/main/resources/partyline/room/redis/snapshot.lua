-- A room at one instant.
--
-- KEYS[1]  {t}:log       stream
-- KEYS[2]  {t}:h:<room>  hash: last = id of the room's last event; number = of its last message
-- KEYS[3]  {t}:n:<room>  stream: history
-- KEYS[4]  {t}:m:<room>  hash: amended messages, by id
-- KEYS[5]  {t}:x:<room>  hash: reactions, by id
-- KEYS[6]  {t}:t:<room>  sorted set: erased messages by their numbers
-- KEYS[7]  {t}:s:<room>  hash: state
-- KEYS[8…]               hashes that hold fields
-- ARGV[1]  integer  how many of the newest messages
-- ARGV[2]  integer  n, the number of fields
-- ARGV[3…]          n pairs: place in KEYS, name
--
-- Returns {epoch ms, last id of the log, head id, number of the last message, {value or nil of each field}, messages,
-- pinned messages, pins or nil}; messages are {id, packed or nil, amendment or nil, reactions or nil, …} oldest first.
local log, head, history, amended, reactions, erased, state = unpack(KEYS)
local count = tonumber(ARGV[1])
primary()

local ends = redis.call('HMGET', head, 'last', 'number')
local last = tonumber(ends[2] or 0)
local found = {}
if count > 0 then
  found = older(history, erased, '+', last + 1, lowest_number(history, erased, last), count)
end

local pins = redis.call('HGET', state, 'pins')
local pinned = {}
for id in string.gmatch(pins or '', '"(%d+%-%d+)"') do
  pinned[#pinned + 1] = id
end
return {
  epoch_ms(redis.call('TIME')),
  last_id(log),
  ends[1] or '0-0',
  last,
  read(KEYS, ARGV, 3, tonumber(ARGV[2]), 2),
  standing(found, amended, reactions),
  standing(named(history, pinned), amended, reactions),
  pins
}
