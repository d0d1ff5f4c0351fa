-- Leaves of what somebody did that they did it: by their id, without their name and their reasons. One slice of it.
--
-- Entries of a stream can't be changed, so it is written anew, and takes the place of the old one when nothing is left
-- to be copied, what was noted meanwhile included. The copy knows how far it is by its last entry, and whose it is by
-- one before the first: whoever goes on with it, after whatever happened, goes on there. A copy that was begun for
-- somebody else would bring back whom it was not for; it is thrown away.
--
-- KEYS[1]  {t}:audit      stream: acts, as at, event, act
-- KEYS[2]  {t}:audit:new  stream: the copy; entry 0-1 says whose it is
-- ARGV[1]  text     user
-- ARGV[2]  integer  entries to copy at most
--
-- Returns {1 if there is more to copy}, or {0}: it is done.
local audit, anew = unpack(KEYS)
local user, most = ARGV[1], tonumber(ARGV[2])

local function forgotten(text)
  -- Decoded only where the id stands somewhere in it; one that JSON escapes may not be found as it is.
  if not string.find(text, user, 1, true) and not string.find(user, '[^%w]') then
    return text
  end
  local act = cjson.decode(text)
  if act.by ~= user or act.name == '' and not (act.details and act.details.reason) then
    return text
  end
  act.name = ''
  if act.details then
    act.details.reason = nil
  end
  return cjson.encode(act)
end

local begun = redis.call('XRANGE', anew, '0-1', '0-1')[1]
if not begun or begun[2][2] ~= user then
  redis.call('DEL', anew)
  redis.call('XADD', anew, '0-1', 'of', user)
end
local last = redis.call('XREVRANGE', anew, '+', '-', 'COUNT', 1)[1][1]
local slice = redis.call('XRANGE', audit, '(' .. last, '+', 'COUNT', most)
for _, entry in ipairs(slice) do
  local id, fields = unpack(entry)
  for i = 1, #fields, 2 do
    if fields[i] == 'act' then
      fields[i + 1] = forgotten(fields[i + 1])
    end
  end
  redis.call('XADD', anew, id, unpack(fields))
end
if #slice == most then
  return {1}
end
redis.call('XDEL', anew, '0-1')
redis.call('RENAME', anew, audit)
return {0}
