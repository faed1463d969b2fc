-- These peers live.
--
-- ARGV  four for each: room, peer, connection, how long it is taken to live from now, ms
-- Returns a number for each: 0; 1 when it is not there; 2 when another connection speaks for it; 3 when it is not there
-- and everything was forgotten, as an empty server has.

local out = {}
for i = 1, #ARGV, 4 do
  local it = peer_of(ARGV[i], ARGV[i + 1])
  if not it then
    out[#out + 1] = redis.call('EXISTS', calls .. ARGV[i]) == 1 and 1 or 3
  elseif it.connection ~= ARGV[i + 2] then
    out[#out + 1] = 2
  else
    redis.call('ZADD', deadlines, now + tonumber(ARGV[i + 3]), ARGV[i] .. ' ' .. ARGV[i + 1])
    out[#out + 1] = 0
  end
end
return out
