-- Begin a new epoch of a shard, because the bus was found to be older than the durable log; forget some events' places.
--
-- KEYS  1 epoch   2 unlogged   3 prefix of the idempotency keys
-- ARGV  1 the epoch that was found wrong   2 the new one
--       then two for each event whose place another holds in the log: its stream id, "room:sender:client_id"
-- Only the first to find an epoch wrong rotates it. Heads stay, as floors (see seed.lua).

if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2])
end
for i = 3, #ARGV, 2 do
  redis.call('ZREM', KEYS[2], ARGV[i])
  local sent = KEYS[3] .. ARGV[i + 1]
  local earlier = redis.call('GET', sent)
  if earlier and string.match(earlier, '^(%S+)') == ARGV[i] then
    redis.call('DEL', sent)
  end
end
return redis.call('GET', KEYS[1])
