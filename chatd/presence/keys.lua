-- What all scripts of presence share. The function `clock` stands before this text.
--
-- KEYS  1 terms     sorted set: term by the time of its last sign of life, ms
--       2 ended     sorted set: terms whose users are being counted out, by the same
--       3 serials   hash: term -> serial of the last report heard in it
--       4 people    hash: user -> tally over all replicas; whoever is in it was told to be online, or away
--       5 leaving   sorted set: users who lost a connection, by the time from which that is told if nothing mends it
--       6 news      stream: who came, turned away, and went, as `online`, `away` and `offline`, each a list of users;
--                   in the last, each user is followed by the time when the last connection ended
--       7 watch     hash: epoch (a name for this memory), swept (when last), quiet (no sweeping until then)
--       8 away      set: those of `people` who were told to be away
--       9 prefix of the terms' sorted sets: user by tally within that term
--
-- A tally is two counts in one number, so that tallies can be added: connections, and how many of them are awake.

local terms, ended, serials, people, leaving, news, watch, away, of_term = unpack(KEYS)
local NEWS_KEPT = 10000
local UNIT = 1048576
local now = clock()
local came, turned, went = {}, {}, {}

local function connections(tally)
  return math.floor(tally / UNIT)
end

local function awake(tally)
  return tally % UNIT
end

-- Tell that a user is here with this tally; `before` is what was told, false for nobody who is here.
local function tell(user, tally, before)
  local state = awake(tally) > 0 and 'online' or 'away'
  if state == before then
    return
  end
  if state == 'online' then
    redis.call('SREM', away, user)
    came[#came + 1] = user
  else
    redis.call('SADD', away, user)
    turned[#turned + 1] = user
  end
end

local function told(user)
  return redis.call('SISMEMBER', away, user) == 1 and 'away' or 'online'
end

-- A term is over: no report is heard in it any more, and `sweep` counts its users out.
local function end_term(term, seen)
  redis.call('ZREM', terms, term)
  redis.call('HDEL', serials, term)
  redis.call('ZADD', ended, seen, term)
end

-- So much of a user's tally went at some time; calm is counted from the latest time that any of it did.
local function depart(user, tally, calm_until)
  redis.call('HINCRBY', people, user, -tally)
  redis.call('ZADD', leaving, 'GT', calm_until, user)
end

local function publish()
  local entry = {}
  for _, piece in ipairs({{'online', came}, {'away', turned}, {'offline', went}}) do
    if piece[2][1] then
      entry[#entry + 1] = piece[1]
      entry[#entry + 1] = table.concat(piece[2], ' ')
    end
  end
  if entry[1] then
    redis.call('XADD', news, 'MAXLEN', '~', NEWS_KEPT, '*', unpack(entry))
  end
end
