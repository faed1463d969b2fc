/** What the conversation does, one promise at a time; that it agrees with the server whatever happens is a property of its own. */

import { expect, test } from "vitest";
import { LIMITS } from "../wire/limits.ts";
import type * as wire from "../wire/socket.ts";
import { Failure } from "./failure.ts";
import { Conversation } from "./test/conversation.ts";

function talking(): { talk: Conversation; room: ReturnType<Conversation["open"]> } {
  const talk = new Conversation();
  const room = talk.open("room");
  talk.connect();
  talk.exchange();
  return { talk, room };
}

function push(talk: Conversation, news: wire.News): void {
  talk.connection!.outbox.push(news);
  talk.deliver();
}

/** The frames that go out now, without anybody to receive them. */
function frames(talk: Conversation): wire.Command[] {
  return talk.core.frames(talk.now).map((frame) => JSON.parse(frame) as wire.Command);
}

const kinds = (talk: Conversation) => talk.effects.map((effect) => effect.kind);
const codeOf = (outcome: unknown) => (outcome as { failure?: { code: string } } | undefined)?.failure?.code;

test("nothing but hello is said before the server knows us", () => {
  const talk = new Conversation();
  talk.send(talk.open("room"), "hi");
  talk.connect();
  expect(frames(talk).map((command) => command.type)).toEqual(["hello"]);
});

test("who comes back says where they were in each room, and whether they are away", () => {
  const { talk } = talking();
  talk.server.say("room", "one");
  talk.exchange();
  talk.core.say("away");
  talk.drop();
  talk.connect();
  expect(frames(talk)[0]).toMatchObject({ resume: { room: { epoch: "e1", seq: 1 } }, state: "away" });
});

test("what is said while there is no connection is said once there is, in its order", () => {
  const { talk, room } = talking();
  talk.drop();
  for (const text of ["one", "two", "three"]) talk.send(room, text);
  talk.calm();
  expect(talk.server.log("room").map((event) => "text" in event && event.text)).toEqual([
    "one",
    "two",
    "three",
  ]);
});

test("a message whose answer was lost with the connection is one message", () => {
  const { talk, room } = talking();
  const call = talk.send(room, "hi");
  talk.serve();
  talk.drop();
  talk.calm();
  expect(call.outcome).toMatchObject({ ok: { seq: 1 } });
  expect(talk.server.log("room")).toHaveLength(1);
});

test("what people should hear of is refused at once, and holds nothing else up", () => {
  const { talk, room } = talking();
  talk.server.refusals = ["slow_mode"];
  const [one, two] = [talk.send(room, "one"), talk.send(room, "two")];
  talk.exchange();
  expect(codeOf(one.outcome)).toBe("slow_mode");
  expect((one.outcome as { failure: { retryAfterMs: number } }).failure.retryAfterMs).toBe(50);
  expect(two.outcome).toMatchObject({ ok: { seq: 1 } });
});

test("what is refused for the moment goes again after as long as was asked, and nothing overtakes it", () => {
  const { talk, room } = talking();
  talk.server.refusals = ["log_unavailable"];
  talk.send(room, "one");
  talk.send(room, "two");
  talk.exchange();
  expect(talk.server.log("room")).toEqual([]);
  talk.pass(40);
  talk.exchange();
  expect(talk.server.log("room")).toEqual([]);
  talk.calm();
  expect(talk.server.log("room").map((event) => "text" in event && event.text)).toEqual(["one", "two"]);
});

test("a hole is asked for, and told in its order", () => {
  const { talk } = talking();
  talk.server.say("room", "one");
  talk.server.say("room", "two");
  talk.connection!.outbox.shift();
  talk.calm();
  expect(talk.seen.get("room")?.slice(1)).toMatchObject([{ event: { seq: 1 } }, { event: { seq: 2 } }]);
});

test("a room that is closed to us ends what waits in it, and no other", () => {
  const { talk, room } = talking();
  const other = talk.open("other");
  talk.exchange();
  const call = talk.send(room, "hi");
  talk.serve(0);
  push(talk, { type: "closed", room: "room", code: "not_a_member" });
  expect(room.ended?.code).toBe("not_a_member");
  expect(codeOf(call.outcome)).toBe("not_a_member");
  expect(() => talk.send(room, "again")).toThrow("not_a_member");
  expect(other.ended).toBeUndefined();
});

test("a room that cannot be opened for the moment is asked for again", () => {
  const { talk } = talking();
  talk.server.shut.set("later", "unavailable");
  const later = talk.open("later");
  talk.exchange();
  expect(later.phase).toBe("wanted");
  talk.server.shut.delete("later");
  talk.calm();
  expect(later.phase).toBe("open");
});

test("more rooms than a server allows are refused here", () => {
  const talk = new Conversation();
  for (let i = 0; i < LIMITS.open_rooms; i += 1) talk.open(`room-${i}`);
  expect(() => talk.open("one more")).toThrow("too_many_rooms");
});

test("two hundred rooms are taken up without one refusal for haste", () => {
  const talk = new Conversation();
  for (let i = 0; i < LIMITS.open_rooms; i += 1) talk.open(`room-${i}`);
  talk.connect();
  talk.serve();
  talk.deliver();
  expect(talk.serve()).toBeLessThanOrEqual(LIMITS.command_burst);
  talk.calm();
  expect(talk.connection?.rooms.size).toBe(LIMITS.open_rooms);
});

test("a closed room is closed over there, and its answers are nobody's", () => {
  const { talk, room } = talking();
  const call = talk.send(room, "hi");
  talk.serve();
  talk.core.close(room);
  talk.exchange();
  expect(codeOf(call.outcome)).toBe("room_closed");
  expect(talk.connection?.rooms.size).toBe(0);
});

test("reading is said once a second at most, the furthest alone", () => {
  const { talk, room } = talking();
  for (let i = 0; i < 5; i += 1) talk.server.say("room", "…");
  talk.exchange();
  const marked: wire.Command[] = [];
  for (let mseq = 1; mseq <= 5; mseq += 1) {
    room.mark.want(mseq);
    marked.push(...frames(talk));
  }
  expect(marked).toMatchObject([{ type: "read.mark", mseq: 1 }]);
  talk.connection!.receive(JSON.stringify(marked[0]));
  talk.deliver();
  talk.calm();
  expect(talk.server.marks.get("room")).toBe(5);
});

test("what another device has read is not said again", () => {
  const { talk, room } = talking();
  talk.server.say("room", "…");
  talk.exchange();
  push(talk, { type: "personal.read", room: "room", mseq: 1, unread: 0 });
  room.mark.want(1);
  expect(frames(talk)).toEqual([]);
});

test("typing is said every three seconds at most, its end once, and neither on a connection it was not meant for", () => {
  const { talk, room } = talking();
  const type = (on: boolean) => talk.core.types(room, on, talk.now);
  type(false);
  type(true);
  type(true);
  talk.exchange();
  talk.pass(3_000);
  type(true);
  type(false);
  type(false);
  talk.exchange();
  expect(talk.connection?.typed).toEqual([true, true, false]);
  talk.drop();
  type(true);
  talk.calm();
  expect(talk.connection?.typed).toEqual([]);
});

test("who says something has stopped typing without a word", () => {
  const { talk, room } = talking();
  talk.core.types(room, true, talk.now);
  talk.send(room, "hi");
  talk.core.types(room, false, talk.now);
  talk.exchange();
  expect(talk.connection?.typed).toEqual([true]);
});

test("a token is renewed before its end, on the connection that lives", () => {
  const { talk } = talking();
  const until = (what: string) => {
    for (let i = 0; i < 60 && !kinds(talk).includes(what as never); i += 1) {
      talk.pass(Math.max(0, talk.core.deadline() - talk.now));
      talk.core.tick(talk.now);
      talk.exchange();
    }
  };
  until("renew");
  expect(talk.now).toBeGreaterThan(0.7 * 900_000);
  expect(talk.now).toBeLessThan(0.86 * 900_000);
  talk.core.renew("newer");
  talk.exchange();
  expect(talk.connection?.tokens).toEqual(["newer"]);
  expect(kinds(talk)).not.toContain("hangup");
});

test("a token that ended is renewed, and what it refused is said again", () => {
  const { talk, room } = talking();
  talk.server.refusals = ["token_expired"];
  const call = talk.send(room, "hi");
  talk.exchange();
  talk.core.tick(talk.now);
  talk.exchange();
  expect(kinds(talk)).toContain("renew");
  talk.calm();
  expect(call.outcome).toMatchObject({ ok: { seq: 1 } });
});

test("a server that falls silent is asked once, and then left", () => {
  const { talk } = talking();
  talk.pass(20_000);
  talk.core.tick(talk.now);
  expect(frames(talk)).toMatchObject([{ type: "ping" }]);
  talk.pass(24_999);
  talk.core.tick(talk.now);
  expect(talk.connection).toBeDefined();
  talk.pass(1);
  talk.core.tick(talk.now);
  talk.deliver(0);
  expect(talk.connection).toBeUndefined();
});

test("a machine that slept finds out in seconds whether its connection lives", () => {
  const { talk } = talking();
  talk.core.probe(talk.now);
  talk.serve();
  talk.pass(5_000);
  talk.connection!.outbox.length = 0;
  talk.core.tick(talk.now);
  talk.deliver(0);
  expect(talk.connection).toBeUndefined();
});

test("a command that is left unanswered ends the connection, and is asked again", () => {
  const { talk, room } = talking();
  const call = talk.send(room, "hi");
  talk.serve();
  talk.connection!.outbox.length = 0;
  for (let i = 0; i < 3; i += 1) {
    talk.pass(10_000);
    talk.connection!.outbox.push({ type: "online", count: 1 });
    talk.deliver();
  }
  talk.core.tick(talk.now);
  talk.deliver(0);
  expect(talk.connection).toBeUndefined();
  talk.calm();
  expect(call.outcome).toMatchObject({ ok: { seq: 1 } });
});

test("a server that goes away is left when it asked us to", () => {
  const { talk } = talking();
  push(talk, { type: "reconnect", after_ms: 700 });
  talk.pass(699);
  talk.core.tick(talk.now);
  talk.deliver(0);
  expect(talk.connection).toBeDefined();
  talk.pass(1);
  talk.core.tick(talk.now);
  talk.deliver(0);
  expect(talk.connection).toBeUndefined();
});

test("the server's time is known as well as the quickest answer tells it", () => {
  const { talk } = talking();
  expect(talk.core.clock.at(talk.now)).toBe(talk.server.now);
  talk.core.clock.told(talk.server.now + 500, talk.now, talk.now + 2_000);
  expect(talk.core.clock.at(talk.now + 10)).toBe(talk.server.now + 10);
});

test("what is no JSON ends the connection; a type that is not known is passed over", () => {
  const { talk } = talking();
  talk.core.received('{"type":"from the future","room":"room"}', talk.now);
  talk.deliver(0);
  expect(talk.connection).toBeDefined();
  talk.core.received("no json", talk.now);
  talk.deliver(0);
  expect(talk.connection).toBeUndefined();
});

test("once it is stopped all that waits is refused, and all that is asked", () => {
  const { talk, room } = talking();
  const call = talk.send(room, "hi");
  talk.core.stop(new Failure("stopped"));
  expect(call.outcome).toHaveProperty("failure");
  expect(() => talk.open("another")).toThrow("stopped");
});
