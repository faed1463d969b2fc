-- Tell another peer of the call something, by the connection that speaks for it.
--
-- ARGV  1 room   2 peer   3 connection   4 the other peer   5 what, as JSON
-- Returns 0; 1 when we are not in the call by this connection; 2 when the other is not; 3 when it has no connection now.

local room, peer, to = ARGV[1], ARGV[2], ARGV[4]
local it, other = peer_of(room, peer), peer_of(room, to)
if not it or it.connection ~= ARGV[3] then
  return 1
end
if not other or to == peer then
  return 2
end
if other.connection == '-' then
  return 3
end
redis.call('XADD', news, 'MAXLEN', '~', NEWS_KEPT, '*', 'connection', other.connection, 'data',
  string.format('{"type":"call.signal","room":"%s","peer":"%s","from_peer":"%s","user":"%s","data":', room, to, peer, it.user)
  .. ARGV[5] .. '}')
return 0
