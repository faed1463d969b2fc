-- What all scripts of the book share. The function `clock` stands before this text.
--
-- KEYS  1 prefix of the calls (same slot), a hash a room: peer -> "user connection mic camera joined_at", the connection
--         "-" when it has ended; and `version`, which counts the changes. It outlives the call for a while.
--       2 deadlines   sorted set: "room peer" by the time, ms, after which it is taken for dead
--       3 news        the shard's stream: see news.py
--       4 watch       hash: swept (when last), quiet (nobody is removed until then), epoch (a name for this memory)

local calls, deadlines, news, watch = unpack(KEYS)
local NEWS_KEPT = 1000
local REMEMBERED = 86400 -- seconds that the version of a call that is over is
local now = clock()

local function peer_of(room, peer)
  local words = redis.call('HGET', calls .. room, peer)
  if not words then
    return nil
  end
  local user, connection, mic, camera, joined = string.match(words, '^(%S+) (%S+) (%d) (%d) (%d+)$')
  return {user = user, connection = connection, mic = mic, camera = camera, joined = joined}
end

local function put(room, peer, it)
  redis.call('HSET', calls .. room, peer, table.concat({it.user, it.connection, it.mic, it.camera, it.joined}, ' '))
end

local function count(room)
  return redis.call('HLEN', calls .. room) - redis.call('HEXISTS', calls .. room, 'version')
end

local function switched(it)
  return string.format('"mic":%s,"camera":%s', tostring(it.mic == '1'), tostring(it.camera == '1'))
end

-- A change was made: count it, and tell whoever listens to the room.
local function tell(kind, room, peer, it, more)
  local version = tonumber(redis.call('HGET', calls .. room, 'version') or now) + 1
  redis.call('HSET', calls .. room, 'version', string.format('%d', version))
  redis.call('XADD', news, 'MAXLEN', '~', NEWS_KEPT, '*', 'room', room, 'data', string.format(
    '{"type":"%s","room":"%s","version":%d,"count":%d,"at":%d,"peer":"%s","user":"%s",%s}',
    kind, room, version, count(room), now, peer, it.user, more))
end

local function remove(room, peer, it, why)
  redis.call('HDEL', calls .. room, peer)
  redis.call('ZREM', deadlines, room .. ' ' .. peer)
  tell('call.left', room, peer, it, string.format('"why":"%s"', why))
  if count(room) == 0 then
    redis.call('EXPIRE', calls .. room, REMEMBERED)
  end
end

-- The name of this memory; if it has none, that is `candidate`.
local function epoch(candidate)
  redis.call('HSETNX', watch, 'epoch', candidate)
  return redis.call('HGET', watch, 'epoch')
end

local function quiet()
  return now < tonumber(redis.call('HGET', watch, 'quiet') or 0)
end
