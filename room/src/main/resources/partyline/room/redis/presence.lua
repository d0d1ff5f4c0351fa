-- Prelude. Who is in a room, and through which nodes; see partyline.room.Presence. Builds on lease and ephemeral.
--
-- nodes   {t}:nodes      hash: node -> '<until> <replid>', until in epoch milliseconds
-- people  {t}:p:<room>   hash: user -> '<node> <node> …\n<person as JSON>': a pair for each node
-- told    {t}:pv:<room>  hash: version; at = when a change was told last; held = 1 if one is not told yet; crowd = 1 while
--                        only counts are told
--
-- A pair means something only while its node's lease runs. What stands there of others is passed over until it is swept.

-- room_of(people, told, args, from) -> a room, from six arguments in their order
local function room_of(people, told, args, from)
  return {
    people = people,
    told = told,
    name = args[from],
    channel = args[from + 1],
    crowd = tonumber(args[from + 2]), -- above so many people only counts are told,
    pause = tonumber(args[from + 3]), -- at most one in so many milliseconds
    piece = tonumber(args[from + 4]), -- people named in one event at most
    kept = args[from + 5], -- milliseconds for which the version is remembered
  }
end

-- leases(nodes) -> set of the nodes that live; whether there are others
local function leases(nodes)
  local time, alive, lapsed = now(), {}, false
  local all = redis.call('HGETALL', nodes)
  for i = 1, #all, 2 do
    if tonumber(string.match(all[i + 1], '^%d+')) > time then
      alive[all[i]] = true
    else
      lapsed = true
    end
  end
  return alive, lapsed
end

-- through(entry, alive, node) -> list of the living nodes but this one; the person; whether this one is there too
local function through(entry, alive, node)
  local names, person = string.match(entry, '^([^\n]*)\n(.*)$')
  local others, here = {}, false
  for name in string.gmatch(names, '%S+') do
    if name == node then
      here = true
    elseif alive[name] then
      others[#others + 1] = name
    end
  end
  return others, person, here
end

local function keep(room, user, nodes, person)
  redis.call('HSET', room.people, user, table.concat(nodes, ' ') .. '\n' .. person)
end

-- present(room, alive, lapsed) -> how many are here; the persons, nil in a crowd
local function present(room, alive, lapsed, wanted)
  local count = redis.call('HLEN', room.people)
  if count > room.crowd then
    return count, nil
  end
  if not lapsed and not wanted then
    return count, nil
  end
  local persons = {}
  for _, entry in ipairs(redis.call('HVALS', room.people)) do
    local nodes, person = through(entry, alive)
    if #nodes > 0 then
      persons[#persons + 1] = person
    end
  end
  return #persons, persons
end

local function take(persons, most)
  local taken = {}
  while #taken < most and #persons > 0 do
    taken[#taken + 1] = table.remove(persons)
  end
  return taken
end

-- tell(room, alive, lapsed, joined, left) -> milliseconds until what is held back may be told; 0 if nothing is
--   joined, left  lists of persons, emptied by this
local function tell(room, alive, lapsed, joined, left)
  local known = redis.call('HMGET', room.told, 'version', 'at', 'held', 'crowd')
  if #joined + #left == 0 and not known[3] then
    return 0
  end
  local time = now()
  -- A version that was forgotten begins anew above all that it ever was: nothing is told every microsecond.
  local version = tonumber(known[1] or micros())
  local count = present(room, alive, lapsed)

  local function say(rest)
    version = version + 1
    pass(room, 'presence', '', string.format('{"version":%.0f,"count":%d%s}', version, count, rest))
  end

  local wait = 0
  if count > room.crowd then
    wait = known[2] and known[2] + room.pause - time or 0
    if wait > room.pause then
      -- The clock stepped back.
      wait = 0
    end
    if wait > 0 then
      redis.call('HSET', room.told, 'held', 1, 'crowd', 1)
    else
      say('')
      redis.call('HSET', room.told, 'crowd', 1)
      redis.call('HDEL', room.told, 'held')
    end
  else
    if known[4] then
      -- A gap, so that everybody reads who is here: of a crowd that was not told.
      version = version + 1
    end
    repeat
      local came = take(joined, room.piece)
      local went = take(left, room.piece - #came)
      say(string.format(',"joined":[%s],"left":[%s]', table.concat(came, ','), table.concat(went, ',')))
    until #joined + #left == 0
    redis.call('HDEL', room.told, 'held', 'crowd')
  end
  redis.call('HSET', room.told, 'version', string.format('%.0f', version))
  if wait <= 0 then
    redis.call('HSET', room.told, 'at', string.format('%.0f', time))
    wait = 0
  end
  redis.call('PEXPIRE', room.told, room.kept)
  return wait
end
