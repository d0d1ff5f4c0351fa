-- Takes out of what a room holds what is left of somebody besides events. A slice of one hash of it: a room may have
-- ten thousand tombstones and as many members. Whoever goes on with it may do a slice twice.
--
-- KEYS[1]  {t}:m:<room>     hash: amended messages, by id; a tombstone is '<number> <at> <JSON>'
-- KEYS[2]  {t}:q:<room>     hash: reports; '<number>' = five lines: at, message, user, name, reason
-- KEYS[3]  {t}:s:<room>     hash: state
-- KEYS[4]  {t}:read:<room>  hash: read markers by user
-- ARGV[1]  text     user
-- ARGV[2]  integer  1 to 3: the key that is looked through
-- ARGV[3]  text     cursor of HSCAN; 0 begins
-- ARGV[4]  integer  fields to look at, about
--
-- Returns {cursor}: 0 if it was the last slice.
local amended, reports, state, read = unpack(KEYS)
local user, which, cursor, count = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]

-- Decoded only where the id stands somewhere in it; one that JSON escapes may not be found as it is.
local function may_name(text)
  return string.find(text, user, 1, true) or string.find(user, '[^%w]')
end

local change = {
  function(id, value)
    local number, at, left = string.match(value, '^(%d+) (%d+) (.*)$')
    if not left or not string.find(left, '"by":', 1, true) or not may_name(left) then
      return
    end
    local fields = cjson.decode(left)
    if type(fields.by) == 'table' and fields.by.id == user and (fields.by.name ~= '' or fields.by.avatar) then
      fields.by = {id = user, name = '', kind = fields.by.kind}
      redis.call('HSET', amended, id, number .. ' ' .. at .. ' ' .. cjson.encode(fields))
    end
  end,

  function(number, told)
    local at, message, by = string.match(told, '^(%d+)\n([^\n]*)\n([^\n]*)\n')
    if at and by == user then
      redis.call('HSET', reports, number, table.concat({at, message, by, '', ''}, '\n'))
    end
  end,

  -- Why they banned or muted somebody.
  function(field, value)
    local sanction = string.find(field, '^ban:') or string.find(field, '^mute:')
    if sanction and string.find(value, '"reason":', 1, true) and may_name(value) then
      local said = cjson.decode(value)
      if said.by == user then
        said.reason = nil
        redis.call('HSET', state, field, cjson.encode(said))
      end
    end
  end,
}

local page = redis.call('HSCAN', KEYS[which], cursor, 'COUNT', count)
for i = 1, #page[2], 2 do
  change[which](page[2][i], page[2][i + 1])
end
redis.call('HDEL', read, user)
redis.call('HDEL', state, 'last:' .. user)
return {page[1]}
