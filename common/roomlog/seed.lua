-- Tell the bus how far the durable log goes in rooms whose heads it does not know in this epoch.
--
-- KEYS  1 epoch   2 heads   3 began   4 events   5 older heads
-- ARGV  1 the epoch in which the log was read, '' for none   2 a name for one if there is none
--       then three for each room: room, seq, mseq
-- What was read in another epoch is not taken: the log may have gone on under the one that ended. A head that Redis still
-- knows from an earlier epoch is a floor: what it counted may be on its way to the log.

local epoch = redis.call('GET', KEYS[1]) or ''
if epoch ~= ARGV[1] then
  return
end
if epoch == '' then
  epoch = ARGV[2]
  begin(KEYS[1], KEYS[3], KEYS[4], epoch)
end
for i = 3, #ARGV, 3 do
  local room, seq, mseq = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  local stored = stored_head(KEYS[2], KEYS[5], room)
  local current = false
  if stored then
    local old_seq, old_mseq, of = string.match(stored, '^(%d+) (%d+) (.+)$')
    current = of == epoch
    seq = math.max(seq, tonumber(old_seq))
    mseq = math.max(mseq, tonumber(old_mseq))
  end
  if not current then
    redis.call('HSET', KEYS[2], room, string.format('%d %d %s', seq, mseq, epoch))
  end
end
