-- Prelude. The reactions to a message, as clients are told of them: JSON [{"emoji":…,"count":…,"users":[…]},…], kinds in
-- the order in which they came, with the first users of each. Who reacted with what is a set of '<emoji> <user>'.

-- kind_of(kinds, emoji) -> the kind, and its place; nil if there is none
local function kind_of(kinds, emoji)
  for i, kind in ipairs(kinds) do
    if kind.emoji == emoji then
      return kind, i
    end
  end
end

-- reacted(kinds, emoji, user, shown) -> how many there are of the kind now
--   shown  users that are named at most
local function reacted(kinds, emoji, user, shown)
  local kind = kind_of(kinds, emoji)
  if not kind then
    kind = {emoji = emoji, count = 0, users = {}}
    kinds[#kinds + 1] = kind
  end
  kind.count = kind.count + 1
  if #kind.users < shown then
    kind.users[#kind.users + 1] = user
  end
  return kind.count
end

-- unreacted(kinds, emoji, user) -> how many are left of the kind
-- Nobody moves up to be named: clients, who fold the same events, would not know who.
local function unreacted(kinds, emoji, user)
  local kind, place = kind_of(kinds, emoji)
  kind.count = kind.count - 1
  for i, named in ipairs(kind.users) do
    if named == user then
      table.remove(kind.users, i)
      break
    end
  end
  if kind.count == 0 then
    table.remove(kinds, place)
  end
  return kind.count
end

-- json(kinds) -> text; cjson would make an object of an empty list, and order fields as it likes
local function json(kinds)
  local function quote(text)
    return (string.gsub(cjson.encode(text), '\\/', '/'))
  end
  local list = {}
  for i, kind in ipairs(kinds) do
    local users = {}
    for j, user in ipairs(kind.users) do
      users[j] = quote(user)
    end
    list[i] = '{"emoji":' .. quote(kind.emoji) .. ',"count":' .. string.format('%.0f', kind.count)
      .. ',"users":[' .. table.concat(users, ',') .. ']}'
  end
  return '[' .. table.concat(list, ',') .. ']'
end
