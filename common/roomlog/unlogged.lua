-- Which events of one room are not in the durable log yet, as far as the bus knows.
--
-- KEYS  1 events   2 unlogged
-- ARGV  1 room
-- Returns their seqs.

local out = {}
for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  local found = redis.call('XRANGE', KEYS[1], id, id)
  local fields = found[1] and found[1][2]
  if fields and fields[2] == ARGV[1] then
    out[#out + 1] = tonumber(fields[4])
  end
end
return out
