-- Where a room stands, and how far its shard's stream goes, at one moment.
--
-- KEYS  1 epoch   2 heads   3 events
-- ARGV  1 room
-- Returns {epoch, seq, last stream id}; seq is -1 when the head is unknown in this epoch, the epoch '' when there is none.

local epoch = redis.call('GET', KEYS[1]) or ''
local seq = -1
local stored = redis.call('HGET', KEYS[2], ARGV[1])
if stored then
  local head, _, of = string.match(stored, '^(%d+) (%d+) (.+)$')
  if of == epoch then
    seq = tonumber(head)
  end
end
local last = redis.call('XREVRANGE', KEYS[3], '+', '-', 'COUNT', 1)
return {epoch, seq, last[1] and last[1][1] or '0-0'}
