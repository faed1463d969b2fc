-- A replica says how many connections each of these users has with it, and by saying anything that it lives.
--
-- ARGV  1 term   2 serial   3 the last serial known to be heard   4 calm, ms
--       then two for each user: user, connections; -1 for one who was told to be online before everything was
--       forgotten, and is gone
-- Returns {1, total, total, ...}: each user's connections over all replicas; {0} and nothing is done when the term is
-- over, when something heard in it was forgotten, or when this is an old report that comes late.

local term, serial, acked, calm = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local heard = tonumber(redis.call('HGET', serials, term) or -1)
if heard < acked or heard >= serial then
  return {0}
end
redis.call('HSET', serials, term, serial)
redis.call('ZADD', terms, now, term)

local roll = of_term .. term
local out = {1}
for i = 5, #ARGV, 2 do
  local user, said = ARGV[i], tonumber(ARGV[i + 1])
  local count = math.max(said, 0)
  local before = tonumber(redis.call('ZSCORE', roll, user) or 0)
  local total = redis.call('HGET', people, user)
  if count > before then
    redis.call('ZADD', roll, count, user)
    redis.call('HINCRBY', people, user, count - before)
    if not total then
      came[#came + 1] = user
    end
  elseif count < before then
    if count == 0 then
      redis.call('ZREM', roll, user)
    else
      redis.call('ZADD', roll, count, user)
    end
    depart(user, before - count, now + calm)
  elseif said < 0 and not total then
    depart(user, 0, now + calm)
  end
  out[#out + 1] = (tonumber(total) or 0) + count - before
end
publish()
return out
