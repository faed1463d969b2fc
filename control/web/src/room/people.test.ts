import { afterEach, expect, test, vi } from "vitest";
import type { RoomMember } from "../wire/http.ts";
import type { Event } from "../wire/socket.ts";
import { RoomPeople } from "./people.ts";

type Page = { readonly members: readonly RoomMember[]; readonly next: string | null };

const { asked } = vi.hoisted(() => ({ asked: [] as ((page: Page) => void)[] }));

vi.mock("../app/http.ts", () => ({ ask: () => new Promise((come) => void asked.push(come)) }));

const NEVER = new AbortController().signal;
const settled = () => new Promise((done) => setTimeout(done));

function member(id: string, last_read: number | null): RoomMember {
  const rest = {
    nickname: id,
    bot: false,
    avatar: null,
    role: "member",
    joined_at: 0,
    muted_until: null,
  } as const;
  return { id, last_read, ...rest };
}

async function comes(members: readonly RoomMember[], next: string | null = null): Promise<void> {
  asked.shift()!({ members, next });
  await settled();
}

let seq = 0;
function changed(user: string, change: "joined" | "left" | "muted", until?: number): Event {
  return {
    type: "member",
    room: "r",
    seq: (seq += 1),
    at: 0,
    user,
    name: user,
    change,
    until: until ?? null,
  };
}
const reads = (user: string, mseq: number) => ({ type: "read", room: "r", user, mseq }) as const;
const message = (sender: string, mseq: number): Event => {
  const said = { type: "message", mseq, sender, client_id: "c", text: "…" } as const;
  return { ...said, room: "r", seq: (seq += 1), at: 0 };
};

async function opened(...members: RoomMember[]): Promise<RoomPeople> {
  const people = new RoomPeople("r");
  void people.opened(NEVER);
  await comes(members);
  return people;
}

afterEach(() => void asked.splice(0));

test("what is heard while the list is on its way is on top of it, whichever page it was on", async () => {
  const people = new RoomPeople("r");
  void people.opened(NEVER);
  people.told(reads("a", 9));
  people.heard(changed("b", "left"));
  await comes([member("a", 3), member("b", 3), member("c", 3)], "next");
  people.heard(changed("d", "joined"));
  people.heard(changed("e", "joined"));
  people.heard(changed("c", "muted", 5));
  await comes([member("d", 8)]);
  const found = [...people.members.value.values()].map((each) => [each.id, each.muted_until]);
  expect(found).toEqual([
    ["a", null],
    ["c", 5],
    ["d", null],
    ["e", null],
  ]);
  expect([4, 9, 10].map((mseq) => people.unreadBy(mseq, "me"))).toEqual([1, 2, 4]); // a 9, c 3, d 8, e 9
});

test("how far they read while I was away is known once the room is opened again, and never less than was heard", async () => {
  const people = await opened(member("me", 10), member("a", 7), member("b", 7));
  people.told(reads("a", 10));
  expect(people.unreadBy(10, "me")).toBe(1);
  void people.opened(NEVER);
  await comes([member("me", 10), member("a", 8), member("b", 10)]); // that of a is not written down yet
  expect(people.unreadBy(10, "me")).toBe(0);
});

test("of two lists the one that was asked for last counts", async () => {
  const people = new RoomPeople("r");
  void people.opened(NEVER);
  void people.opened(NEVER);
  const [first] = asked.splice(0, 1);
  await comes([member("a", 1)]);
  first!({ members: [member("b", 1)], next: null });
  await settled();
  expect([...people.members.value.keys()]).toEqual(["a"]);
});

test("in a great room nobody is asked for again", async () => {
  const people = await opened(member("me", null), member("a", null));
  void people.opened(NEVER);
  expect(asked).toEqual([]);
  people.heard(changed("b", "joined"));
  expect(people.unreadBy(1, "me")).toBeUndefined();
});

test("who joins has nothing to read of what was said before", async () => {
  const people = await opened(member("me", 5), member("a", 4));
  people.heard(message("me", 6));
  people.heard(changed("b", "joined"));
  people.heard(message("me", 7));
  expect([6, 7].map((mseq) => people.unreadBy(mseq, "me"))).toEqual([1, 2]);
});

test("what is shown of the members does not change as they read and speak", async () => {
  const people = await opened(member("me", 5), member("a", 4));
  const shown: unknown[] = [];
  const stop = people.members.subscribe((now) => shown.push(now));
  people.told(reads("a", 5));
  people.heard(message("a", 6));
  stop();
  expect(shown.length).toBe(1);
  expect(people.unreadBy(6, "a")).toBe(1);
});

test("a bot is not waited for, and what it said is not to be read by who joins after", async () => {
  const people = await opened(member("me", 5), { ...member("bot", 7), bot: true });
  expect(people.unreadBy(6, "me")).toBe(0);
  people.heard(changed("b", "joined"));
  expect(people.unreadBy(7, "me")).toBe(0);
});
