-- Remove peers that gave no sign of life, once for all replicas.
--
-- ARGV  1 most at once   2 lease, ms   3 a gap between sweeps that is suspicious, ms
-- Returns 1 when there may be more.

-- Nobody swept for a while: then perhaps nobody could reach this server. Whoever lives says so within one lease.
local swept = tonumber(redis.call('HGET', watch, 'swept') or 0)
redis.call('HSET', watch, 'swept', string.format('%d', now))
if now - swept > tonumber(ARGV[3]) then
  redis.call('HSET', watch, 'quiet', string.format('%d', now + tonumber(ARGV[2])))
end
if quiet() then
  return 0
end
local due = redis.call('ZRANGEBYSCORE', deadlines, '-inf', now, 'LIMIT', 0, tonumber(ARGV[1]))
for _, member in ipairs(due) do
  local room, peer = string.match(member, '^(%S+) (%S+)$')
  local it = peer_of(room, peer)
  if it then
    remove(room, peer, it, 'lost')
  else
    redis.call('ZREM', deadlines, member)
  end
end
return #due == tonumber(ARGV[1]) and 1 or 0
