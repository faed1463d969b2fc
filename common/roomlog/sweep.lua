-- The safety net of a shard: take the lock, trim the stream, forget heads that nobody used, and name what stayed out of the
-- durable log too long.
--
-- KEYS  1 lock   2 events   3 unlogged   4 heads   5 older heads   6 when the older ones became that (ms)
-- ARGV  1 who asks   2 life of the lock, ms   3 age from which an entry is late, ms   4 age of what is trimmed, ms
--       5 most entries to return   6 age at which heads become older ones, and those are forgotten, ms
-- Returns {} when another holds the lock, else {how many are unlogged, how many are gone, {id, fields}, ...}. Gone is what
-- is not in the stream though nothing at or after the oldest unlogged entry is trimmed; it is forgotten when it is as old
-- as what is trimmed, because until then a retry of the same event must not be told that it is in the log.

local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return {}
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local old = now - tonumber(ARGV[4])
local oldest = redis.call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')
local keep = math.min(old, oldest[2] and tonumber(oldest[2]) or old)
redis.call('XTRIM', KEYS[2], 'MINID', '~', string.format('%d', keep))

-- Of rooms that only the older heads know, the last event came before those were older: if the log has all from then, and
-- some more, for clocks that were set back, it tells where these rooms stand.
local turned = tonumber(redis.call('GET', KEYS[6]) or now + 1)
local turn = tonumber(ARGV[6])
if turned > now then -- nobody knows since when, or by another clock: from now on
  redis.call('SET', KEYS[6], string.format('%d', now))
elseif now - turned >= turn and (not oldest[2] or tonumber(oldest[2]) >= turned + turn / 2) then
  redis.call('UNLINK', KEYS[5])
  if redis.call('EXISTS', KEYS[4]) == 1 then
    redis.call('RENAME', KEYS[4], KEYS[5])
  end
  redis.call('SET', KEYS[6], string.format('%d', now))
end

local late = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now - tonumber(ARGV[3]), 'WITHSCORES')
local out = {redis.call('ZCARD', KEYS[3]), 0}
for i = 1, #late, 2 do
  local found = redis.call('XRANGE', KEYS[2], late[i], late[i])
  if found[1] then
    out[#out + 1] = {late[i], found[1][2]}
    if #out - 2 == tonumber(ARGV[5]) then
      break
    end
  elseif tonumber(late[i + 1]) < old then
    redis.call('ZREM', KEYS[3], late[i])
    out[2] = out[2] + 1
  end
end
return out
