-- Turn microphone and camera on or off.
--
-- ARGV  1 room   2 peer   3 connection   4 microphone, "0" or "1"   5 camera
-- Returns 1, or 0 as `leave` does.

local it = peer_of(ARGV[1], ARGV[2])
if not it or it.connection ~= ARGV[3] then
  return 0
end
if it.mic ~= ARGV[4] or it.camera ~= ARGV[5] then
  it.mic, it.camera = ARGV[4], ARGV[5]
  put(ARGV[1], ARGV[2], it)
  tell('call.media', ARGV[1], ARGV[2], it, switched(it))
end
return 1
