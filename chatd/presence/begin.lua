-- A replica begins a term; its earlier ones end.
--
-- ARGV  1 term   2 prefix of the terms that end   3 an epoch to use if there is none
-- Returns the epoch: another than before says that everything was forgotten in between.

local term, prefix = ARGV[1], ARGV[2]
local alive = redis.call('ZRANGE', terms, 0, -1, 'WITHSCORES')
for i = 1, #alive, 2 do
  if string.sub(alive[i], 1, #prefix) == prefix then
    end_term(alive[i], alive[i + 1])
  end
end
redis.call('ZADD', terms, now, term)
redis.call('HSET', serials, term, 0)
redis.call('HSETNX', watch, 'epoch', ARGV[3])
return redis.call('HGET', watch, 'epoch')
