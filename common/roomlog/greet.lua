-- Run on every new connection: an epoch is of one life of one server. A server that was started again, or took over,
-- may have forgotten what it gave, and nobody could tell: so all that was given before is of an epoch that is over.
--
-- KEYS  1 server   2 epoch   3 began   4 events
-- ARGV  1 which life of which server this is   2 a name for a new epoch

if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[1])
  begin(KEYS[2], KEYS[3], KEYS[4], ARGV[2])
end
