-- What a decision is made on: some fields, and some messages as they stand.
--
-- KEYS[1]  {t}:h:<room>  hash: last = id of the room's last event
-- KEYS[2]  {t}:n:<room>  stream: history
-- KEYS[3]  {t}:m:<room>  hash: amended messages
-- KEYS[4…]               hashes that hold fields
-- ARGV[1]  integer  n, the number of fields
-- ARGV[2…]          n pairs: place in KEYS, name; then ids of messages, to the end
--
-- Returns {epoch ms, head id, {value or nil of each field}, {packed or nil, amendment or nil, … of each message}}.
local head, history, amended = unpack(KEYS)
local fields = tonumber(ARGV[1])
primary()

local messages = {}
for i = 2 + 2 * fields, #ARGV do
  local entry = redis.call('XRANGE', history, ARGV[i], ARGV[i])[1]
  messages[#messages + 1] = entry and entry[2][2] or false
  messages[#messages + 1] = redis.call('HGET', amended, ARGV[i])
end
return {clock(), redis.call('HGET', head, 'last') or '0-0', read(2, fields, 2), messages}
