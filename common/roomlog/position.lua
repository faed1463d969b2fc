-- Where rooms stand, and how far their shard's stream goes, at one moment.
--
-- KEYS  1 epoch   2 heads   3 began   4 events   5 older heads
-- ARGV  rooms
-- Returns {epoch, id of the entry that began it, last id of the stream, seq, mseq, seq, mseq, ...}; both are -1 when the
-- room's head is unknown in this epoch, the epoch '' when there is none.

local epoch = redis.call('GET', KEYS[1]) or ''
local last = redis.call('XREVRANGE', KEYS[4], '+', '-', 'COUNT', 1)
local out = {epoch, redis.call('GET', KEYS[3]) or '0-0', last[1] and last[1][1] or '0-0'}
for _, room in ipairs(ARGV) do
  local seq, mseq = -1, -1
  local stored = stored_head(KEYS[2], KEYS[5], room)
  if stored then
    local head, messages, of = string.match(stored, '^(%d+) (%d+) (.+)$')
    if of == epoch then
      seq, mseq = tonumber(head), tonumber(messages)
    end
  end
  out[#out + 1] = seq
  out[#out + 1] = mseq
end
return out
