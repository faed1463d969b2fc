-- The connections of these peers have ended: they stay for a little while.
--
-- ARGV  1 for how long, ms; then three for each: room, peer, connection

for i = 2, #ARGV, 3 do
  local it = peer_of(ARGV[i], ARGV[i + 1])
  if it and it.connection == ARGV[i + 2] then
    it.connection = '-'
    put(ARGV[i], ARGV[i + 1], it)
    redis.call('ZADD', deadlines, 'LT', now + tonumber(ARGV[1]), ARGV[i] .. ' ' .. ARGV[i + 1])
  end
end
return 1
