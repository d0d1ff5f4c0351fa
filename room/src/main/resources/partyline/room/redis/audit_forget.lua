-- Leaves of what somebody did that they did it: by their id, without their name and their reasons.
--
-- Entries of a stream can't be changed, so it is written anew: ten thousand take some dozen milliseconds, and few people
-- are erased who did anything that is noted here.
--
-- KEYS[1]  {t}:audit      stream: acts, as at, event, act
-- KEYS[2]  {t}:audit:new  stream, while this runs
-- ARGV[1]  text  user
--
-- Returns {acts that were theirs}.
local audit, anew = unpack(KEYS)
local user = ARGV[1]
local theirs = 0

local function each(change)
  local from = '-'
  repeat
    local page = redis.call('XRANGE', audit, from, '+', 'COUNT', 500)
    for _, entry in ipairs(page) do
      change(entry[1], entry[2])
      from = '(' .. entry[1]
    end
  until #page < 500
end

local function act_of(fields)
  for i = 1, #fields, 2 do
    if fields[i] == 'act' then
      return i + 1
    end
  end
end

-- Decoded only where the id stands somewhere in it.
local function by_them(fields)
  local place = act_of(fields)
  if not place or not string.find(fields[place], user, 1, true) and not string.find(user, '[^%w]') then
    return
  end
  local act = cjson.decode(fields[place])
  if act.by == user and (act.name ~= '' or act.details and act.details.reason) then
    return place, act
  end
end

each(function(_, fields)
  if by_them(fields) then
    theirs = theirs + 1
  end
end)
if theirs == 0 then
  return {0}
end
redis.call('DEL', anew)
each(function(id, fields)
  local place, act = by_them(fields)
  if place then
    act.name = ''
    if act.details then
      act.details.reason = nil
    end
    fields[place] = cjson.encode(act)
  end
  redis.call('XADD', anew, id, unpack(fields))
end)
redis.call('RENAME', anew, audit)
return {theirs}
