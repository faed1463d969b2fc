-- Some entries of one epoch are in the durable log: they are no longer unlogged.
--
-- KEYS  1 epoch   2 heads   3 began   4 events   5 unlogged   6 older heads
-- ARGV  1 the entries' epoch   2 a name for a new one   then four for each entry: id, room, seq, mseq
-- Returns whether a new epoch was begun. An entry that was given its place in an epoch that is over may have reached the
-- log after the room's head was seeded from there: then who listens in this epoch would not hear of it before something
-- else is said. So the epoch ends, and everybody looks again; the head, as a floor, knows the entry from now on.

local epoch = redis.call('GET', KEYS[1])
local behind = false
for i = 3, #ARGV, 4 do
  redis.call('ZREM', KEYS[5], ARGV[i])
  if epoch ~= ARGV[1] then
    local room, seq, mseq = ARGV[i + 1], tonumber(ARGV[i + 2]), tonumber(ARGV[i + 3])
    local head_seq, head_mseq, of = 0, 0, ''
    local stored = stored_head(KEYS[2], KEYS[6], room)
    if stored then
      head_seq, head_mseq, of = string.match(stored, '^(%d+) (%d+) (.+)$')
      head_seq, head_mseq = tonumber(head_seq), tonumber(head_mseq)
    end
    if head_seq < seq then
      behind = behind or of == epoch
      redis.call('HSET', KEYS[2], room, string.format('%d %d %s', seq, math.max(mseq, head_mseq), ARGV[1]))
    end
  end
end
if behind then
  begin(KEYS[1], KEYS[3], KEYS[4], ARGV[2])
end
return behind and 1 or 0
