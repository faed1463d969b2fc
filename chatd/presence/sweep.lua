-- Do a part of what time asks for, once for all replicas: count out the users of terms that ended, end terms that gave
-- no sign of life, and tell who has been gone, or only away, for long enough.
--
-- ARGV  1 life of a term without a sign, ms   2 calm, ms   3 a gap between sweeps that is suspicious, ms
--       4 most users to handle
-- Returns 1 when there is more to do at once.

local lease, calm, gap, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]

-- Nobody swept for a while: then perhaps nobody could reach this server. Whoever lives says so within one lease.
local swept = tonumber(redis.call('HGET', watch, 'swept') or 0)
redis.call('HSET', watch, 'swept', now)
if now - swept > gap then
  redis.call('HSET', watch, 'quiet', now + lease)
end
local quiet = now < tonumber(redis.call('HGET', watch, 'quiet') or 0)

if not quiet then
  local silent = redis.call('ZRANGEBYSCORE', terms, '-inf', now - lease, 'WITHSCORES')
  for i = 1, #silent, 2 do
    end_term(silent[i], silent[i + 1])
  end
end

local over = redis.call('ZRANGE', ended, 0, 0, 'WITHSCORES')
if over[1] then
  local term, seen = over[1], tonumber(over[2])
  local counted_out = redis.call('ZPOPMIN', of_term .. term, most)
  for i = 1, #counted_out, 2 do
    depart(counted_out[i], tonumber(counted_out[i + 1]), seen + calm)
  end
  if redis.call('EXISTS', of_term .. term) == 0 then
    redis.call('ZREM', ended, term)
  end
  return 1
end

if quiet then
  return 0
end
local due = redis.call('ZRANGEBYSCORE', leaving, '-inf', now, 'WITHSCORES', 'LIMIT', 0, most)
for i = 1, #due, 2 do
  local user, calm_until = due[i], tonumber(due[i + 1])
  redis.call('ZREM', leaving, user)
  local tally = tonumber(redis.call('HGET', people, user) or -1)
  if tally == 0 then
    redis.call('HDEL', people, user)
    redis.call('SREM', away, user)
    went[#went + 1] = user .. ' ' .. string.format('%d', calm_until - calm)
  elseif tally > 0 then
    tell(user, tally, told(user))
  end
end
publish()
return #due == 2 * tonumber(most) and 1 or 0
