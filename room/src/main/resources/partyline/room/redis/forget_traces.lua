-- Takes out of what a room holds what is left of somebody besides events.
--
-- Looked through at once: a hash of ten thousand tombstones or members takes some milliseconds, and few people are erased.
--
-- KEYS[1]  {t}:m:<room>     hash: amended messages, by id; a tombstone is '<number> <at> <JSON>'
-- KEYS[2]  {t}:q:<room>     hash: reports; '<number>' = five lines: at, message, user, name, reason
-- KEYS[3]  {t}:read:<room>  hash: read markers by user
-- KEYS[4]  {t}:s:<room>     hash: state
-- ARGV[1]  text  user
--
-- Returns {}.
local amended, reports, read, state = unpack(KEYS)
local user = ARGV[1]

local function scan(key, change)
  local cursor = '0'
  repeat
    local page = redis.call('HSCAN', key, cursor, 'COUNT', 500)
    cursor = page[1]
    for i = 1, #page[2], 2 do
      change(page[2][i], page[2][i + 1])
    end
  until cursor == '0'
end

scan(amended, function(id, value)
  local number, at, left = string.match(value, '^(%d+) (%d+) (.*)$')
  if not left or not string.find(left, '"by":', 1, true) then
    return
  end
  local fields = cjson.decode(left)
  if type(fields.by) == 'table' and fields.by.id == user and (fields.by.name ~= '' or fields.by.avatar) then
    fields.by = {id = user, name = '', kind = fields.by.kind}
    redis.call('HSET', amended, id, number .. ' ' .. at .. ' ' .. cjson.encode(fields))
  end
end)

scan(reports, function(number, told)
  local at, message, by = string.match(told, '^(%d+)\n([^\n]*)\n([^\n]*)\n')
  if at and by == user then
    redis.call('HSET', reports, number, table.concat({at, message, by, '', ''}, '\n'))
  end
end)

-- Why they banned or muted somebody.
scan(state, function(field, value)
  if (string.find(field, '^ban:') or string.find(field, '^mute:')) and string.find(value, '"reason":', 1, true) then
    local sanction = cjson.decode(value)
    if sanction.by == user then
      sanction.reason = nil
      redis.call('HSET', state, field, cjson.encode(sanction))
    end
  end
end)

redis.call('HDEL', read, user)
redis.call('HDEL', state, 'last:' .. user)
return {}
