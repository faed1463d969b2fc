-- Be out of a call.
--
-- ARGV  1 room   2 peer   3 connection
-- Returns 1, or 0 when the peer is not there, or another connection speaks for it.

local it = peer_of(ARGV[1], ARGV[2])
if not it or it.connection ~= ARGV[3] then
  return 0
end
remove(ARGV[1], ARGV[2], it, 'left')
return 1
