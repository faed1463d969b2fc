-- A replica goes, in order: all its connections are gone from now on.
--
-- ARGV  1 term

if redis.call('HDEL', serials, ARGV[1]) == 1 then
  end_term(ARGV[1], now)
end
