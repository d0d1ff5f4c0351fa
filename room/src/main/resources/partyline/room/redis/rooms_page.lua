-- What some rooms hold after an id, from their resume streams.
--
-- A page is complete up to the least of the ids up to which each room was read. So a little is read of each room, and
-- then always more of the one that holds the others back, until the page is full: nearly all that is read is told,
-- however uneven the rooms and the sizes of their events are.
--
-- KEYS[1]  {t}:log       stream
-- KEYS[2]  {t}:epochs    hash: replid; start id -> branch id
-- KEYS[3…] {t}:h:<room>, {t}:r:<room>  of each room: hash (head), stream (resume)
-- ARGV[1]  id       after which to read, exclusive; '0-0' = from the oldest retained
-- ARGV[2]  integer  entries at most of each room
-- ARGV[3]  integer  of a room that holds more entries than this only the newest so many are told
-- ARGV[4]  integer  entries, about, at most of all rooms together, but one of each room
-- ARGV[5]  integer  bytes, about, at most, but one entry of each room
--
-- Returns {last id of the log, id up to which the page is complete, {start, branch, …}, {number of the room from 1,
-- 'trimmed' or 'too_many', id through which nothing is told, oldest id told or '0-0', …} of rooms with a hole,
-- {id, packed, …} room by room, some above the complete id}.
local log, epochs = KEYS[1], KEYS[2]
local after, limit, most = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local left, bytes = tonumber(ARGV[4]), tonumber(ARGV[5])
local STEP = 128
primary()

local holes, behind = {}, {}
for i = 3, #KEYS, 2 do
  local head, bridge = unpack(redis.call('HMGET', KEYS[i], 'last', 'bridge'))
  if head and above(head, after) then
    local resume = KEYS[i + 1]
    local first = redis.call('XRANGE', resume, '-', '+', 'COUNT', 1)[1]
    local oldest = first and first[1] or '0-0'
    -- The room's event before the first retained one; without any, all up to the head are gone.
    local gone = first and before_first(first, bridge) or head
    local why = above(gone, after) and 'trimmed' or 'too_many'
    if redis.call('XLEN', resume) > most then
      local newest = redis.call('XREVRANGE', resume, '+', '-', 'COUNT', most + 1)
      oldest, gone = newest[most][1], newest[most + 1][1]
    end
    local hole = above(gone, after)
    if hole then
      for _, value in ipairs({(i - 1) / 2, why, gone, oldest}) do
        holes[#holes + 1] = value
      end
    end
    if first then
      behind[#behind + 1] = {resume = resume, head = head, last = hole and gone or after, count = 0}
    end
  end
end

local entries = {}

-- Reads on in one room: room.ms and room.seq are where it was read to; nil once it was read to its end.
local function read(room, step)
  local got = redis.call('XRANGE', room.resume, '(' .. room.last, '+', 'COUNT', step)
  local size = 0
  for _, entry in ipairs(got) do
    entries[#entries + 1] = entry[1]
    entries[#entries + 1] = entry[2][2]
    size = size + #entry[2][2]
  end
  left = left - #got
  bytes = bytes - size
  room.count = room.count + #got
  if #got < step or got[#got][1] == room.head then
    room.ms = nil
  else
    room.last = got[#got][1]
    room.ms, room.seq = split(room.last)
    room.step = step
    room.size = size / #got
  end
end

local function furthest_behind()
  local least
  for _, room in ipairs(behind) do
    if room.ms and (not least or room.ms < least.ms or (room.ms == least.ms and room.seq < least.seq)) then
      least = room
    end
  end
  return least
end

for _, room in ipairs(behind) do
  read(room, math.min(limit, math.max(1, math.floor(2 * STEP / #behind))))
end
local room = furthest_behind()
while room and room.count < limit and left > 0 and bytes > 0 do
  local fits = math.max(1, math.floor(bytes / room.size))
  read(room, math.min(2 * room.step, STEP, limit - room.count, left, fits))
  room = furthest_behind()
end

local last = last_id(log)
return {last, room and room.last or last, epoch_list(epochs), holes, entries}
