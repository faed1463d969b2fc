// One process of the peer "Socket.IO 4 + @socket.io/redis-streams-adapter" of tests/bench/fanout.py.
//
//   node server.js PORT [REDIS_URL [durable]]
//
// Without a REDIS_URL the adapter in memory is used (one process). It does the work chatd is measured by: `join` a
// room, and `send`, which is broadcast as a message of the same fields. Socket.IO keeps no log, so the answer to a send
// says no more than that it was broadcast; with `durable`, the message is first appended to a Redis stream of its own
// and the answer waits for that. Settings are the ones that favour it: WebSocket only, no compression, text only, nobody asked
// whether they are still there.
import { createServer } from "node:http";
import { Server } from "socket.io";
import { createClient } from "redis";
import { createAdapter } from "@socket.io/redis-streams-adapter";

const [port, redisUrl, durable] = process.argv.slice(2);
const options = { transports: ["websocket"], perMessageDeflate: false, httpCompression: false, serveClient: false, pingInterval: 600_000 };
let redis = null;
if (redisUrl) {
  redis = createClient({ url: redisUrl });
  await redis.connect();
  // The stream is trimmed at 10,000 entries by default: a process that lags further behind would lose messages.
  options.adapter = createAdapter(redis, { onlyPlaintext: true, readCount: 1000, maxLen: 200_000 });
}

const http = createServer();
const io = new Server(http, options);
const places = new Map();

io.on("connection", (socket) => {
  socket.on("join", (room, answer) => {
    socket.join(room);
    answer({ ok: {} });
  });
  socket.on("send", async ({ room, client_id, text }, answer) => {
    const seq = (places.get(room) ?? 0) + 1;
    places.set(room, seq);
    const message = { type: "message", seq, at: Date.now(), room, mseq: seq, sender: socket.handshake.query.user, client_id, text };
    if (durable) await redis.xAdd("log", "*", { message: JSON.stringify(message) });
    io.to(room).emit("message", message);
    answer({ ok: { seq, mseq: seq, at: message.at } });
  });
});

http.listen(Number(port), "127.0.0.1", 4096, () => console.log("ready"));
process.on("SIGTERM", () => process.exit(0));
