/** The client over sockets that break, with tokens that end, in a time of the test's own. */

import { afterEach, expect, test } from "vitest";
import { Client, type Standing, type Tokens } from "./client.ts";
import { Failure } from "./failure.ts";
import type { RoomNews } from "./room.ts";
import { ME, Server } from "./test/server.ts";
import { FakeNet, FakeTime, settled } from "./test/world.ts";

interface World {
  readonly client: Client;
  readonly server: Server;
  readonly net: FakeNet;
  readonly time: FakeTime;
  readonly standings: Standing["kind"][];
  readonly visits: boolean[];
}

const clients: Client[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.stop();
});

async function world(tokens: Partial<Tokens> = {}, state: FakeNet["state"] = "up"): Promise<World> {
  const server = new Server();
  const net = new FakeNet(server);
  net.state = state;
  const time = new FakeTime();
  const visits: boolean[] = [];
  const source: Tokens = {
    forVisit: async (anew) => void visits.push(anew),
    forRenewal: async () => "renewed",
    ...tokens,
  };
  const client = new Client({ tokens: source, dial: net.dial, language: "ko", time, random: () => 0.5 });
  clients.push(client);
  const standings: Standing["kind"][] = [client.standing.kind];
  client.standings.add(({ kind }) => standings.push(kind));
  await settled();
  return { client, server, net, time, standings, visits };
}

test("it connects, opens a room and hears what is said there", async () => {
  const { client, server, net, standings } = await world();
  const here: unknown[] = [];
  client.opened.add(({ participants }) => here.push(...participants));
  const room = client.open("room");
  const heard: RoomNews[] = [];
  room.news.add((news) => heard.push(news));
  expect(await room.opened).toMatchObject({ position: { seq: 0 } });
  expect(here).toEqual([{ user: ME, state: "online" }]);
  server.say("room", "hi");
  net.socket.flush();
  expect(heard.map(({ kind }) => kind)).toEqual(["opened", "event"]);
  expect(standings).toEqual(["connecting", "online"]);
  expect(room.position).toEqual({ epoch: "e1", seq: 1 });
});

test("what is said in quick succession is told together, and an answer at once with what was said before it", async () => {
  const { client, server, net, time } = await world();
  const room = client.open("room");
  await room.opened;
  const heard: number[] = [];
  const told: string[] = [];
  room.news.add((news) => news.kind === "event" && heard.push(news.event.seq));
  client.news.add(({ type }) => told.push(type));
  const say = (text: string) => {
    server.say("room", text);
    net.socket.flush();
  };
  say("one");
  expect(heard).toEqual([1]);
  say("two");
  await time.pass(10);
  say("three");
  expect(heard).toEqual([1]);
  await time.pass(100);
  expect(heard).toEqual([1, 2, 3]);
  server.connection!.outbox.push({ type: "read", room: "room", user: ME, mseq: 3 });
  net.socket.flush();
  expect(told).toEqual([]); // who reads along is told with what they read
  await time.pass(100);
  expect(told).toEqual(["read"]);
  say("four");
  const asked = client.ask({ type: "ping" });
  net.socket.flush();
  await asked;
  expect(heard).toEqual([1, 2, 3, 4]);
});

test("a post is stored though the connection breaks before the answer", async () => {
  const { client, server, net, time, standings } = await world();
  const room = client.open("room");
  await room.opened;
  net.socket.flush = () => undefined;
  const post = room.send("hi", { replyTo: 3, mentions: ["x"] });
  net.socket.end(1006);
  expect(standings.at(-1)).toBe("away");
  await time.pass(1_000);
  expect(await post.stored).toMatchObject({ seq: 1 });
  expect(server.log("room")).toHaveLength(1);
  expect(server.log("room")[0]).toMatchObject({ client_id: post.clientId });
});

test("while nothing can be reached it is tried less and less often, and at once when the network is back", async () => {
  const { net, time, client } = await world({}, "down");
  await time.pass(60_000);
  const tries = net.dialled.length;
  expect(tries).toBeGreaterThan(8);
  expect(tries).toBeLessThan(25);
  expect(client.standing).toMatchObject({ kind: "away", why: "the connection broke" });
  net.state = "up";
  client.wake();
  await settled();
  expect(client.standing.kind).toBe("online");
  expect(net.dialled).toHaveLength(tries + 1);
});

test("a socket that never opens is given up", async () => {
  const { net, time, standings } = await world({}, "mute");
  await time.pass(14_999);
  expect(standings).toEqual(["connecting"]);
  net.state = "up";
  await time.pass(200);
  expect(net.dialled[0]?.closed).toBe(1000);
  expect(standings.slice(1)).toEqual(["away", "connecting", "online"]);
});

test("a socket that never opens is given up, whatever is asked meanwhile", async () => {
  const { client, time, standings } = await world({}, "mute");
  client.open("room");
  client.say("away");
  await time.pass(15_000);
  expect(standings.slice(1)).toEqual(["away"]);
});

test("what a socket says that was let go is not heard", async () => {
  const { client, server, net, time } = await world();
  const room = client.open("room");
  await room.opened;
  const [old] = net.dialled;
  old!.flush = () => undefined; // silence
  await time.pass(60_000);
  expect(net.dialled).toHaveLength(2);
  const heard: RoomNews[] = [];
  room.news.add((news) => heard.push(news));
  const event = {
    type: "message",
    room: "room",
    seq: 1,
    at: 1,
    mseq: 1,
    sender: "s",
    client_id: "12345678",
    text: "!",
  };
  old!.onmessage?.({ data: JSON.stringify(event) });
  old!.onclose?.({ code: 4503, reason: "session_revoked" });
  expect(heard).toEqual([]);
  expect(client.standing.kind).toBe("online");
  server.say("room", "hi");
  net.socket.flush();
  expect(heard).toMatchObject([{ event: { text: "hi" } }]);
});

test("a refused token is made anew once, and then it is over", async () => {
  const { client, net, time, visits } = await world();
  net.refusal = 4500;
  net.socket.flush = () => undefined;
  net.socket.end(4500, "bad_token");
  await time.pass(1);
  expect(visits).toEqual([false, true]);
  expect(client.standing).toMatchObject({ kind: "stopped", why: { code: "stopped", message: "bad_token" } });
  await time.pass(60_000);
  expect(net.dialled).toHaveLength(2);
});

test("whoever gives tokens says that it is over, or that it must wait", async () => {
  const away = new Failure("unavailable", "later", true, 2_000);
  const answers: (Failure | undefined)[] = [away, undefined, new Failure("session_revoked")];
  const { client, net, time } = await world({
    forVisit: async () => {
      const failure = answers.shift();
      if (failure) throw failure;
      return "a token";
    },
  });
  expect(client.standing).toMatchObject({ kind: "away", why: "later" });
  await time.pass(2_100);
  expect(client.standing.kind).toBe("online");
  expect(JSON.parse(net.socket.written[0]!)).toMatchObject({ type: "hello", token: "a token" });
  net.socket.end(1006);
  await time.pass(100);
  expect(client.standing).toMatchObject({ kind: "stopped", why: { code: "session_revoked" } });
});

test("a token is renewed on the live connection, after as many tries as it takes", async () => {
  let tries = 0;
  const { server, net, time, standings } = await world({
    forRenewal: async () => {
      tries += 1;
      if (tries < 3) throw new Failure("unavailable", "later", true);
      return "renewed";
    },
  });
  await time.pass(0.86 * 900_000);
  expect(server.connection?.tokens).toEqual(["renewed"]);
  expect(net.dialled).toHaveLength(1);
  expect(standings).toEqual(["connecting", "online"]);
});

test("once it is stopped nothing is waited for, and nothing is tried", async () => {
  const { client, net, time } = await world();
  const room = client.open("room");
  await room.opened;
  net.socket.flush = () => undefined;
  const over = new Failure("stopped");
  const stored = room.send("hi").stored;
  client.stop(over);
  await expect(stored).rejects.toBe(over);
  await expect(room.page()).rejects.toBe(over);
  expect(client.standing).toEqual({ kind: "stopped", why: over });
  expect(net.socket.closed).toBe(1000);
  await time.pass(60_000);
  expect(net.dialled).toHaveLength(1);
  expect(time.next).toBeUndefined();
});

test("a room that is left may be opened again, from where it was", async () => {
  const { client, server, net } = await world();
  const room = client.open("room");
  await room.opened;
  const place = room.position!;
  room.close();
  server.say("room", "meanwhile");
  const heard: RoomNews[] = [];
  const again = client.open("room", place);
  again.news.add((news) => heard.push(news));
  await again.opened;
  net.socket.flush();
  expect(heard).toMatchObject([{ kind: "opened" }, { event: { text: "meanwhile" } }]);
});
