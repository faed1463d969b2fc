-- Give events their places: one call for a batch of one shard.
--
-- KEYS  1 epoch (string)   2 heads (hash: room -> "seq mseq epoch")   3 events (stream)
--       4 unlogged (sorted set: stream id by its milliseconds)        5 prefix of the idempotency keys (same slot)
--       6 prefix of the paces (same slot): when a sender spoke last where slow mode is on, ms by the server's clock
--       7 older heads (hash)                                            8 prefix of the tallies (same slot)
-- ARGV  1 most unlogged entries allowed   2 life of an idempotency key, ms
--       then six for each event: room, sender, client_id, 1 if it moves mseq, body, and what its place hangs on: how long
--       its sender has to have been silent in the room, ms, 0 for who need not; or a claim on what is counted,
--       "tally by changes seen" (see `overtaken`)
-- Returns {epoch, outcome, outcome, ...}, the epoch '' when there is none, an outcome being
--       {1, id, seq, mseq}                 it has its place now
--       {2, id, seq, mseq, epoch, body}    it had one already, and is perhaps not in the durable log yet
--       {3, id, seq, mseq}                 it had one already, and is in the durable log
--       {4}                                the room's head is unknown here: seed it, then call again
--       {5}                                the durable log is too far behind: nothing is taken
--       {6, ms}                            its sender has to be silent for so long still
--       {7}                                its claim was overtaken: somebody elsewhere changed the tally, unseen by the sender
-- Everything of one room is in the order of the arguments.

local epoch = redis.call('GET', KEYS[1]) or ''
local room_left = tonumber(ARGV[1]) - redis.call('ZCARD', KEYS[4])
local life = ARGV[2]
local heads = {}
local now = nil
local out = {epoch}

local function head_of(room)
  local head = heads[room]
  if head == nil then
    head = false
    local stored = stored_head(KEYS[2], KEYS[7], room)
    if stored then
      local seq, mseq, of = string.match(stored, '^(%d+) (%d+) (.+)$')
      if of == epoch then
        head = {tonumber(seq), tonumber(mseq)}
      end
    end
    heads[room] = head
  end
  return head
end

local function repeated(earlier)
  local id, seq, mseq = string.match(earlier, '^(%S+) (%d+) (%d+)$')
  if not redis.call('ZSCORE', KEYS[4], id) then
    return {3, id, tonumber(seq), tonumber(mseq)}
  end
  local found = redis.call('XRANGE', KEYS[3], id, id)
  if not found[1] then
    return nil -- neither logged for sure nor here any more: as if it had never been
  end
  local fields = found[1][2] -- in the order in which they are added below
  return {2, id, tonumber(seq), tonumber(mseq), fields[8], fields[10]}
end

-- How long the sender of an event has to wait, 0 for not at all: and from then on he has spoken now.
local function paced(room, sender, pace)
  if pace <= 0 then
    return 0
  end
  if now == nil then
    local time = redis.call('TIME')
    now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
  end
  local key = KEYS[6] .. room .. ':' .. sender
  local due = tonumber(redis.call('GET', key) or 0) + pace
  if due > now then
    return math.min(due - now, pace) -- no longer than the pace, should the clock have been set back
  end
  redis.call('SET', key, string.format('%d', now), 'PX', pace)
  return 0
end

local function later(id, other)
  local ms, number = string.match(id, '^(%d+)-(%d+)$')
  local other_ms, other_number = string.match(other, '^(%d+)-(%d+)$')
  ms, other_ms = tonumber(ms), tonumber(other_ms)
  return ms > other_ms or (ms == other_ms and tonumber(number) > tonumber(other_number))
end

-- A tally is what a limit counts: "id by before", the last event that changed it, which replica placed that and maybe
-- others before it in a row, and the last one of another replica before these. A replica knows of its own, placed or not.
-- So whoever has seen the stream that far has counted all there is, and nobody else came between.
local function last_change(key)
  local id, by, before = string.match(redis.call('GET', key) or '', '^(%S+) (%S+) (%S+)$')
  return id, by, before
end

-- Whether somebody elsewhere changed the tally after what was seen. '*' is for who need not have seen it.
local function overtaken(key, by, seen)
  local id, last_by, before = last_change(key)
  return seen ~= '*' and id and later(last_by == by and before or id, seen)
end

local function change(key, by, id)
  local last_id, last_by, before = last_change(key)
  local others = last_by == by and before or last_id or '0-0'
  redis.call('SET', key, id .. ' ' .. by .. ' ' .. others, 'PX', life)
end

local function placed(room, sender, sent, moves, body, hangs_on)
  local head = head_of(room)
  if not head then
    return {4}
  end
  if room_left <= 0 then
    return {5}
  end
  local pace = tonumber(hangs_on)
  local wait = pace and paced(room, sender, pace) or 0
  if wait > 0 then
    return {6, wait}
  end
  local tally, by, changes, seen
  if not pace then
    tally, by, changes, seen = string.match(hangs_on, '^(%S+) (%S+) ([01]) (%S+)$')
    tally = KEYS[8] .. room .. ':' .. tally
    if overtaken(tally, by, seen) then
      return {7}
    end
  end
  room_left = room_left - 1
  head[1] = head[1] + 1
  if moves == '1' then
    head[2] = head[2] + 1
  end
  local seq, mseq = string.format('%d', head[1]), string.format('%d', head[2])
  local id = redis.call('XADD', KEYS[3], '*', 'r', room, 's', seq, 'm', mseq, 'e', epoch, 'b', body)
  redis.call('ZADD', KEYS[4], string.match(id, '^%d+'), id)
  redis.call('SET', sent, id .. ' ' .. seq .. ' ' .. mseq, 'PX', life)
  head.moved = true
  if changes == '1' then
    change(tally, by, id)
  end
  return {1, id, head[1], head[2]}
end

for i = 3, #ARGV, 6 do
  local room, sender, client_id, moves, body = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]
  local sent = KEYS[5] .. room .. ':' .. sender .. ':' .. client_id
  local earlier = redis.call('GET', sent)
  out[#out + 1] = earlier and repeated(earlier) or placed(room, sender, sent, moves, body, ARGV[i + 5])
end

for room, head in pairs(heads) do
  if head and head.moved then
    redis.call('HSET', KEYS[2], room, string.format('%d %d %s', head[1], head[2], epoch))
  end
end
return out
