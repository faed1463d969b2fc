-- Put before the scripts that look up a room's head, "seq mseq epoch". Heads are kept in two hashes: what moves goes into the
-- first, and every so often the first becomes the second, which is forgotten (see sweep.lua). So they are as many as rooms
-- are used, not as there ever were; a head that was forgotten is seeded from the durable log.

local function stored_head(heads_key, older_key, room)
  return redis.call('HGET', heads_key, room) or redis.call('HGET', older_key, room)
end

