-- Tell the bus how far the durable log goes in a room whose head it does not know in this epoch.
--
-- KEYS  1 epoch   2 heads
-- ARGV  1 an epoch to use if there is none   then three for each room: room, seq, mseq
-- A head that Redis still knows from an earlier epoch is a floor: what it counted may be on its way to the log.

if redis.call('SET', KEYS[1], ARGV[1], 'NX') then
  redis.call('DEL', KEYS[2])
end
local epoch = redis.call('GET', KEYS[1])
for i = 2, #ARGV, 3 do
  local room, seq, mseq = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  local stored = redis.call('HGET', KEYS[2], room)
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
return epoch
