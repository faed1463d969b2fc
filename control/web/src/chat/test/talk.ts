/**
 * Two people talk in a room over sockets, each at a replica of their own to begin with, while somebody else breaks things;
 * their last words come after that.
 * Run by Node alone, with `Plan` as JSON for its argument; it tells how many messages are stored, and in the end a `Result`.
 */

import type * as wire from "../../wire/socket.ts";
import { Client, type Socket } from "../client.ts";

interface Plan {
  readonly urls: readonly string[];
  readonly room: string;
  readonly tokens: readonly string[];
  /** How many messages each of them says. */
  readonly count: number;
}

interface Result {
  /** What each reader heard, in that order. */
  readonly heard: readonly (readonly wire.Event[])[];
  /** The seq of each post, by its text. */
  readonly stored: Readonly<Record<string, number>>;
  readonly losses: number;
  readonly resets: number;
}

const plan = JSON.parse(process.argv[2] ?? "") as Plan;
let losses = 0;
let resets = 0;
let lost = () => {};
const aLoss = new Promise<void>((done) => (lost = done));

/** Somebody who visits the replicas in turn, as behind a load balancer. */
function somebody(token: string, first: number): Client {
  let visits = first;
  const dial = () => new WebSocket(plan.urls[visits++ % plan.urls.length]!) as Socket;
  const tokens = { forVisit: async () => token, forRenewal: async () => token };
  const client = new Client({ tokens, dial, language: "ko" });
  client.standings.add(({ kind }) => {
    if (kind !== "away") return;
    losses += 1;
    lost();
  });
  return client;
}

async function talk(): Promise<Result> {
  const clients = plan.tokens.map(somebody);
  const rooms = clients.map((client) => client.open(plan.room));
  await Promise.all(rooms.map((room) => room.opened));
  const heard = rooms.map((): wire.Event[] => []);
  const all = rooms.map(
    (room, i) =>
      new Promise<void>((done) =>
        room.news.add((news) => {
          if (news.kind === "reset") resets += 1;
          if (news.kind !== "event") return;
          heard[i]!.push(news.event);
          if (heard[i]!.length === plan.count * rooms.length) done();
        }),
      ),
  );
  const stored: Record<string, number> = {};
  const posts = rooms.flatMap((room, i) =>
    Array.from({ length: plan.count }, async (_, n) => {
      const text = `${i}-${n}`;
      if (n === plan.count - 1) await aLoss; // nobody has said all before something broke
      stored[text] = (await room.send(text).stored).seq;
      process.stdout.write(`${JSON.stringify({ stored: Object.keys(stored).length })}\n`);
    }),
  );
  await Promise.all([...posts, ...all]);
  for (const client of clients) client.stop();
  return { heard, stored, losses, resets };
}

process.stdout.write(`${JSON.stringify(await talk())}\n`);
