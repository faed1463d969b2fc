-- What all scripts of presence share. The function `clock` stands before this text.
--
-- KEYS  1 terms     sorted set: term by the time of its last sign of life, ms
--       2 ended     sorted set: terms whose users are being counted out, by the same
--       3 serials   hash: term -> serial of the last report heard in it
--       4 people    hash: user -> connections over all replicas; whoever is in it was told to be online
--       5 leaving   sorted set: users by the time from which they are offline if nobody of them is connected
--       6 news      stream: who came and went, as `online` and `offline`, each a list of users
--       7 watch     hash: epoch (a name for this memory), swept (when last), quiet (no sweeping until then)
--       8 prefix of the terms' sorted sets: user by connections within that term

local terms, ended, serials, people, leaving, news, watch, of_term = unpack(KEYS)
local NEWS_KEPT = 10000
local now = clock()
local came, went = {}, {}

-- A term is over: no report is heard in it any more, and `sweep` counts its users out.
local function end_term(term, seen)
  redis.call('ZREM', terms, term)
  redis.call('HDEL', serials, term)
  redis.call('ZADD', ended, seen, term)
end

-- So many connections of a user went at some time; calm is counted from the latest time that any of them did.
local function depart(user, connections, calm_until)
  redis.call('HINCRBY', people, user, -connections)
  redis.call('ZADD', leaving, 'GT', calm_until, user)
end

local function publish()
  local entry = {}
  if came[1] then
    entry = {'online', table.concat(came, ' ')}
  end
  if went[1] then
    entry[#entry + 1] = 'offline'
    entry[#entry + 1] = table.concat(went, ' ')
  end
  if entry[1] then
    redis.call('XADD', news, 'MAXLEN', '~', NEWS_KEPT, '*', unpack(entry))
  end
end
