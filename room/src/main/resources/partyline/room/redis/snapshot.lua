-- A room at one instant.
--
-- KEYS[1]  {t}:log       stream
-- KEYS[2]  {t}:h:<room>  hash: last = id of the room's last event; number = of its last message
-- KEYS[3]  {t}:s:<room>  hash: state
-- KEYS[4]  {t}:n:<room>  stream: history
-- ARGV[1]  integer  how many of the newest messages
--
-- Returns {last id of the log, head id, number of the last message, {field, value, …}, {id, packed, …} oldest first}.
local log, head, state, history = unpack(KEYS)
local count = tonumber(ARGV[1])
primary()

local messages = {}
if count > 0 then
  local entries = redis.call('XREVRANGE', history, '+', '-', 'COUNT', count)
  for i = #entries, 1, -1 do
    messages[#messages + 1] = entries[i][1]
    messages[#messages + 1] = entries[i][2][2]
  end
end
local last = redis.call('HMGET', head, 'last', 'number')
return {last_id(log), last[1] or '0-0', tonumber(last[2] or 0), redis.call('HGETALL', state), messages}
