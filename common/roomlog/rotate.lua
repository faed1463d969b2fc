-- Begin a new epoch of a shard, because the bus was found to be older than the durable log; forget some events' places.
--
-- KEYS  1 epoch   2 began   3 events   4 unlogged   5 prefix of the idempotency keys
-- ARGV  1 the epoch that was found wrong   2 a name for the new one
--       then two for each event whose place another holds in the log: its stream id, "room:sender:client_id"
-- Only the first to find an epoch wrong rotates it. Heads stay, as floors (see seed.lua). Returns whether it was rotated.

local wrong = redis.call('GET', KEYS[1]) == ARGV[1]
if wrong then
  begin(KEYS[1], KEYS[2], KEYS[3], ARGV[2])
end
for i = 3, #ARGV, 2 do
  redis.call('ZREM', KEYS[4], ARGV[i])
  local sent = KEYS[5] .. ARGV[i + 1]
  local earlier = redis.call('GET', sent)
  if earlier and string.match(earlier, '^(%S+)') == ARGV[i] then
    redis.call('DEL', sent)
  end
end
return wrong and 1 or 0
