-- Give events their places: one call for a batch of one shard.
--
-- KEYS  1 epoch (string)   2 heads (hash: room -> "seq mseq epoch")   3 events (stream)
--       4 unlogged (sorted set: stream id by its milliseconds)        5 prefix of the idempotency keys (same slot)
-- ARGV  1 most unlogged entries allowed   2 life of an idempotency key, ms
--       then five for each event: room, sender, client_id, 1 if it moves mseq, body
-- Returns {epoch, outcome, outcome, ...}, the epoch '' when there is none, an outcome being
--       {1, id, seq, mseq}                 it has its place now
--       {2, id, seq, mseq, epoch, body}    it had one already, and is perhaps not in the durable log yet
--       {3, id, seq, mseq}                 it had one already, and is in the durable log
--       {4}                                the room's head is unknown here: seed it, then call again
--       {5}                                the durable log is too far behind: nothing is taken
-- Everything of one room is in the order of the arguments.

local epoch = redis.call('GET', KEYS[1]) or ''
local room_left = tonumber(ARGV[1]) - redis.call('ZCARD', KEYS[4])
local life = ARGV[2]
local heads = {}
local out = {epoch}

local function head_of(room)
  local head = heads[room]
  if head == nil then
    head = false
    local stored = redis.call('HGET', KEYS[2], room)
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

local function placed(room, sent, moves, body)
  local head = head_of(room)
  if not head then
    return {4}
  end
  if room_left <= 0 then
    return {5}
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
  return {1, id, head[1], head[2]}
end

for i = 3, #ARGV, 5 do
  local room, sender, client_id, moves, body = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]
  local sent = KEYS[5] .. room .. ':' .. sender .. ':' .. client_id
  local earlier = redis.call('GET', sent)
  out[#out + 1] = earlier and repeated(earlier) or placed(room, sent, moves, body)
end

for room, head in pairs(heads) do
  if head and head.moved then
    redis.call('HSET', KEYS[2], room, string.format('%d %d %s', head[1], head[2], epoch))
  end
end
return out
