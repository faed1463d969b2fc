-- The safety net of a shard: take the lock, trim the stream, and name what stayed out of the durable log too long.
--
-- KEYS  1 lock   2 events   3 unlogged
-- ARGV  1 who asks   2 life of the lock, ms   3 age from which an entry is late, ms   4 age of what is trimmed, ms
--       5 most entries to return
-- Returns {} when another holds the lock, else {how many are unlogged, {id, fields}, ...}; an entry whose fields are
-- empty is gone from the stream. Nothing at or after the oldest unlogged entry is trimmed.

if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return {}
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local keep = now - tonumber(ARGV[4])
local oldest = redis.call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')
if oldest[2] and tonumber(oldest[2]) < keep then
  keep = tonumber(oldest[2])
end
redis.call('XTRIM', KEYS[2], 'MINID', '~', string.format('%d', keep))
local late = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now - tonumber(ARGV[3]), 'LIMIT', 0, ARGV[5])
local out = {redis.call('ZCARD', KEYS[3])}
for _, id in ipairs(late) do
  local found = redis.call('XRANGE', KEYS[2], id, id)
  out[#out + 1] = {id, found[1] and found[1][2] or {}}
end
return out
