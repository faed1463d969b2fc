-- A replica says which connections each of these users has with it, and by saying anything that it lives.
--
-- ARGV  1 term   2 serial   3 the last serial known to be heard   4 calm, ms   5 most connections of one user
--       then four for each user: user; connections that are held, -1 for one who was told to be online before
--       everything was forgotten, and is gone; how many of them are awake; those that wait to be admitted, in order,
--       "1" for each that is awake and "0" for each that is not
-- Returns {1, admitted, total, admitted, total, ...}: of each user's waiting connections how many were admitted, the
-- first of them, and the connections over all replicas; {0} and nothing is done when the term is over, when something
-- heard in it was forgotten, or when this is an old report that comes late.

local term, serial, acked, calm, most = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local heard = tonumber(redis.call('HGET', serials, term) or -1)
if heard < acked or heard >= serial then
  return {0}
end
redis.call('HSET', serials, term, serial)
redis.call('ZADD', terms, now, term)

local roll = of_term .. term
local out = {1}
for i = 6, #ARGV, 4 do
  local user, held, held_awake, waiting = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2]), ARGV[i + 3]
  local gone = held < 0
  held = math.max(held, 0)
  local before = tonumber(redis.call('ZSCORE', roll, user) or 0)
  local known = redis.call('HGET', people, user)
  local elsewhere = tonumber(known or 0) - before
  local admitted = math.max(0, math.min(#waiting, most - connections(elsewhere) - held))
  local _, admitted_awake = string.gsub(string.sub(waiting, 1, admitted), '1', '')
  local said = (held + admitted) * UNIT + held_awake + admitted_awake
  local tally = elsewhere + said

  if said > 0 then
    redis.call('ZADD', roll, said, user)
  elseif before > 0 then
    redis.call('ZREM', roll, user)
  end
  if said ~= before then
    redis.call('HSET', people, user, tally)
  end
  if connections(said) < connections(before) or (gone and not known) then
    depart(user, 0, now + calm)
  end
  if connections(tally) > 0 then
    local before_that = known and told(user)
    -- That somebody is back is told at once; that the last one awake is gone, once it did not come back.
    if not known or awake(tally) > 0 or not redis.call('ZSCORE', leaving, user) then
      tell(user, tally, before_that)
    end
  end
  out[#out + 1] = admitted
  out[#out + 1] = connections(tally)
end
publish()
return out
