// One process of the peer "µWebSockets.js + Redis Pub/Sub" of tests/bench/fanout.py.
//
//   node server.js PORT REDIS_URL
//
// A WebSocket server in C++ with rooms ("topics") of its own, which puts what is published to a topic in one turn of the
// loop into one write for each subscriber: the fastest there is for Node. It does the work chatd is measured by, in the
// same JSON: `room.open`, and `message.send`, which is published to every process and from there to the topic. It keeps no
// log, so the answer says no more than that Redis took the message. Settings favour it: no compression, no time-outs, and
// as much room for those who read slowly as they may need (by default it would drop messages).
import uWS from "uwebsockets";
import { createClient } from "redis";

const [port, url] = process.argv.slice(2);
const MIB = 1024 * 1024;
const publisher = await createClient({ url }).connect();
const subscriber = await createClient({ url }).connect();
const places = new Map();

const settings = {
  compression: uWS.DISABLED,
  maxPayloadLength: 64 * 1024,
  maxBackpressure: 256 * MIB,
  idleTimeout: 0,
  sendPingsAutomatically: false,
  upgrade: (answer, request, context) => {
    const words = ["key", "protocol", "extensions"].map((name) => request.getHeader(`sec-websocket-${name}`));
    answer.upgrade({ user: request.getQuery("user"), open: true }, ...words, context);
  },
  message: async (ws, data) => {
    const person = ws.getUserData();
    const command = JSON.parse(Buffer.from(data));
    if (command.type === "room.open") {
      ws.subscribe(command.room);
      ws.send(`{"type":"reply","id":"${command.id}","ok":{}}`);
      return;
    }
    const { id, room, client_id, text } = command;
    const seq = (places.get(room) ?? 0) + 1;
    places.set(room, seq);
    const at = Date.now();
    const message = { type: "message", seq, at, room, mseq: seq, sender: person.user, client_id, text };
    await publisher.publish("rooms", room + JSON.stringify(message));
    if (person.open) ws.send(`{"type":"reply","id":"${id}","ok":{"seq":${seq},"mseq":${seq},"at":${at}}}`);
  },
  close: (ws) => {
    ws.getUserData().open = false;
  },
};

const app = uWS.App().ws("/*", settings);
await subscriber.subscribe("rooms", (said) => {
  const start = said.indexOf("{");
  app.publish(said.slice(0, start), said.slice(start));
});
app.listen("127.0.0.1", Number(port), (listening) => {
  if (!listening) process.exit(1);
});
process.on("SIGTERM", () => process.exit(0));
