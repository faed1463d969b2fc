-- Put before the scripts that may begin an epoch: the name under which seqs of a shard's rooms are given, for as long as
-- the bus remembers what it gave. An epoch begins with an entry of its own in the stream, so that every reader hears of
-- it in its place between the events, whether or not another one follows.

local function begin(epoch_key, began_key, events_key, epoch)
  redis.call('SET', epoch_key, epoch)
  redis.call('SET', began_key, redis.call('XADD', events_key, '*', 'e', epoch))
end

