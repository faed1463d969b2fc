-- These peers live.
--
-- ARGV  1 the name under which this memory is known, or ''   2 a name for it, if it has none; then four for each: room, peer, connection, how long it is taken to live from now, ms
-- Returns {name of the memory, number, ...}, a number for each: 0; 1 when it is not there; 2 when another connection speaks
-- for it; 3 when it is not there, and the memory is another one, so that it was forgotten.

local name = epoch(ARGV[2])
local out = {name}
for i = 3, #ARGV, 4 do
  local it = peer_of(ARGV[i], ARGV[i + 1])
  if not it then
    out[#out + 1] = (ARGV[1] == '' or ARGV[1] == name) and 1 or 3
  elseif it.connection ~= ARGV[i + 2] then
    out[#out + 1] = 2
  else
    redis.call('ZADD', deadlines, now + tonumber(ARGV[i + 3]), ARGV[i] .. ' ' .. ARGV[i + 1])
    out[#out + 1] = 0
  end
end
return out
