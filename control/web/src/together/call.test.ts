import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Client } from "../chat/client.ts";
import { Failure } from "../chat/failure.ts";
import { Listeners } from "../chat/listeners.ts";
import type { Room, RoomNews } from "../chat/room.ts";
import type { CallNow, CallPeer, Command, News, RoomOpened } from "../wire/socket.ts";
import { RoomCall } from "./call.ts";

type Asked = Command & { readonly peer?: string };

const HERE: CallPeer = { peer: "p", user: "bada", mic: true, camera: true, joined_at: 1 };

/** A room whose server does as it is told here, and a page without devices. */
function open(answer: (command: Asked) => unknown = () => ({})) {
  const [news, told, asked] = [new Listeners<News>(), new Listeners<RoomNews>(), [] as Asked[]];
  const ask = async (command: Asked) => {
    asked.push(command);
    return answer(command);
  };
  const room = { id: "r", news: told, ask } as unknown as Room;
  const call = new RoomCall({ news } as unknown as Client, room, "haneul");
  const opened = { position: { epoch: "e", seq: 1 }, participants: [], online: 0, away: 0 };
  const reopen = (now: CallNow) =>
    told.tell({ kind: "opened", opened: { ...opened, room: "r", call: now } as RoomOpened } as RoomNews);
  const of = (type: string) => asked.filter((command) => command.type === type);
  return { call, news, told, asked, of, reopen };
}

/** In the call alone, as the server says it. */
function alone({ type, peer }: Asked): unknown {
  const own = { peer, user: "haneul", mic: false, camera: false, joined_at: 2 };
  return type === "call.join" ? { peer, call: { version: 1, peers: [own] }, ice_servers: [] } : {};
}

const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("removeEventListener", () => undefined);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("who has no devices comes in all the same, and is told why nobody sees them", async () => {
  const { call, of } = open(alone);
  await call.join({ mic: true, camera: true });
  expect(call.phase.value).toBe("in");
  expect(of("call.join")).toMatchObject([{ mic: false, camera: false }]);
  expect([call.mic.lack.value, call.camera.lack.value]).toEqual(["insecure", "insecure"]);
});

test("a device that was refused, is missing or is taken is told apart", async () => {
  const { call } = open(alone);
  for (const [name, lack] of [
    ["NotAllowedError", "denied"],
    ["NotFoundError", "missing"],
    ["NotReadableError", "taken"],
  ] as const) {
    const getUserMedia = () => Promise.reject(new DOMException("no", name));
    vi.stubGlobal("navigator", { mediaDevices: { getUserMedia } });
    await call.turn(call.camera, true);
    expect(call.camera.lack.value).toBe(lack);
  }
});

/** A page whose person is asked for devices, and answers each question when a test does; answers what was granted. */
function asked() {
  const questions: (() => { stop: () => void }[])[] = [];
  const getUserMedia = (wanted: object) =>
    new Promise((granted) => {
      questions.push(() => {
        const tracks = Object.keys(wanted).map(() => ({ stop: vi.fn() }));
        const [mic, camera] = tracks;
        const [getAudioTracks, getVideoTracks] = [() => [mic], () => [camera]];
        granted({ getTracks: () => tracks, getAudioTracks, getVideoTracks });
        return tracks;
      });
    });
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia } });
  return (question: number) => questions[question]?.() ?? [];
}

test.each([true, false])(
  "whoever cancels while they are asked for devices is not in, whatever they allow",
  async (both) => {
    const grant = asked();
    const { call, of } = open(alone);
    const joining = call.join({ mic: true, camera: both });
    call.cancel();
    const granted = grant(0);
    await joining;
    expect(granted.length).toBe(both ? 2 : 1);
    for (const { stop } of granted) expect(stop).toHaveBeenCalled();
    expect(of("call.join")).toEqual([]);
    expect([call.phase.value, call.mic.track.value, call.camera.track.value]).toEqual(["out", null, null]);
  },
);

test("whoever cancels and comes in with other devices has those alone", async () => {
  const grant = asked();
  const { call, of } = open(alone);
  const before = call.join({ mic: true, camera: true });
  call.cancel();
  await call.join({ mic: false, camera: false });
  const granted = grant(0);
  await before;
  for (const { stop } of granted) expect(stop).toHaveBeenCalled();
  expect([call.phase.value, call.mic.track.value, call.camera.track.value]).toEqual(["in", null, null]);
  call.cancel();
  expect(call.phase.value).toBe("in");
  expect(of("call.join")).toMatchObject([{ mic: false, camera: false }]);
});

test("when a connection is back the place is taken up again under its name", async () => {
  const { call, of, reopen } = open(alone);
  await call.join({ mic: false, camera: false });
  reopen({ version: 1, peers: [HERE] });
  await settled();
  const [first, again] = of("call.join");
  expect(again?.peer).toBe(first?.peer);
  expect(call.phase.value).toBe("in");
});

test("whose place was lost takes it again; who goes on elsewhere, or may not be there, is out and told so", async () => {
  const { call, of, news } = open(alone);
  await call.join({ mic: false, camera: false });
  const ended = { type: "call.ended", room: "r", peer: call.peer ?? "" } as const;
  news.tell({ ...ended, why: "lost" });
  await settled();
  expect(of("call.join").length).toBe(2);
  news.tell({ ...ended, peer: "another", why: "expelled" });
  expect(call.phase.value).toBe("in");
  news.tell({ ...ended, why: "elsewhere" });
  expect([call.phase.value, call.ended.value]).toEqual(["out", "elsewhere"]);
});

test("a full call is said to be full, and can be tried again", async () => {
  const full = new Failure("call_full");
  let isFull = true;
  const { call } = open((command) => {
    if (isFull && command.type === "call.join") throw full;
    return alone(command);
  });
  await call.join({ mic: false, camera: false });
  expect([call.phase.value, call.fault.value]).toEqual(["out", full]);
  isFull = false;
  await call.join({ mic: false, camera: false });
  expect([call.phase.value, call.fault.value]).toEqual(["in", undefined]);
});

test("who is muted goes on listening, with everything off", async () => {
  const track = { stop: vi.fn(), onended: null };
  const getUserMedia = async () => ({ getTracks: () => [track] });
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia } });
  const { call, of } = open((command) => {
    if ("mic" in command && command.mic) throw new Failure("muted");
    return alone(command);
  });
  await call.join({ mic: true, camera: false });
  expect(of("call.join")).toMatchObject([{ mic: true }, { mic: false }]);
  expect(call.phase.value).toBe("in");
  expect(track.stop).toHaveBeenCalled();
  expect(call.fault.value).toMatchObject({ code: "muted" });
});

test("a change that was missed has the call asked for, once", async () => {
  const now = { version: 7, peers: [HERE] };
  const { call, of, news } = open(() => now);
  const left = { type: "call.left", room: "r", peer: "x", user: "x", why: "left", at: 1, count: 2 } as const;
  news.tell({ ...left, version: 6 });
  news.tell({ ...left, version: 7 });
  await settled();
  expect(of("call.state").length).toBe(1);
  expect(call.now.value).toEqual(now);
});

test("what somebody shows is gone after three seconds, counted from the last", async () => {
  const { call, news } = open();
  const emote = { type: "emote", room: "r", user: "bada", at: 1 } as const;
  news.tell({ ...emote, emoji: "😄" });
  await vi.advanceTimersByTimeAsync(2_000);
  news.tell({ ...emote, emoji: "😍" });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(call.shown.value.get("bada")).toBe("😍");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(call.shown.value.size).toBe(0);
});
