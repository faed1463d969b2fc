-- Be in a room's call, or take up one's place in it again.
--
-- ARGV  1 room   2 peer   3 connection   4 user   5 microphone, "0" or "1"   6 camera   7 most peers   8 lease, ms
--       9 a name for the memory, if it has none
-- Returns {'ok', name of the memory, field, value, ...} with the call's hash; {'full'}; {'taken'} when the peer is another person's.

local room, peer, connection, user, mic, camera = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local most, lease = tonumber(ARGV[7]), tonumber(ARGV[8])

-- Whoever is dead takes nobody's place.
if not quiet() then
  for _, each in ipairs(redis.call('HKEYS', calls .. room)) do
    if each ~= 'version' and each ~= peer
        and tonumber(redis.call('ZSCORE', deadlines, room .. ' ' .. each) or 0) <= now then
      remove(room, each, peer_of(room, each), 'lost')
    end
  end
end

local it = peer_of(room, peer)
if it and it.user ~= user then
  return {'taken'}
end
if it then
  local same = it.mic == mic and it.camera == camera
  it.connection, it.mic, it.camera = connection, mic, camera
  put(room, peer, it)
  if not same then
    tell('call.media', room, peer, it, switched(it))
  end
else
  if count(room) >= most then
    return {'full'}
  end
  it = {user = user, connection = connection, mic = mic, camera = camera, joined = string.format('%d', now)}
  put(room, peer, it)
  redis.call('PERSIST', calls .. room)
  tell('call.joined', room, peer, it, switched(it))
end
redis.call('ZADD', deadlines, now + lease, room .. ' ' .. peer)

local out = redis.call('HGETALL', calls .. room)
table.insert(out, 1, epoch(ARGV[9]))
table.insert(out, 1, 'ok')
return out
