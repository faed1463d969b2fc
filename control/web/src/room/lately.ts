/**
 * What was heard lately that changes other events. A page says at which seq its states are true; what was heard after that,
 * before the page came, is applied on top of it. Pure.
 */

import type { Event, Message, Page } from "../wire/socket.ts";
import { become, changed, ofWhich, type Saying, saying } from "./saying.ts";

/** No page is on its way for so long, by the times of events: what was heard before that is on every page that comes. */
const LATELY_MS = 60_000;

export class Lately {
  readonly #me: string;
  #changes: Event[] = [];

  constructor(me: string) {
    this.#me = me;
  }

  heard(event: Event): void {
    if (ofWhich(event) === undefined && event.type !== "void") return;
    this.#changes.push(event);
    const late = this.#changes.findIndex(({ at }) => at >= event.at - LATELY_MS);
    if (late > 0) this.#changes.splice(0, late);
  }

  /** The log begins anew: the places of what was heard may be others' now. */
  forget(): void {
    this.#changes = [];
  }

  /** The messages of a page as they are by now, by seq. */
  sayings({
    events,
    states = [],
    as_of: asOf,
  }: Pick<Page, "events" | "states" | "as_of">): Map<number, Saying> {
    const bySeq = new Map(states.map((state) => [state.seq, state]));
    const messages = events.filter((event): event is Message => event.type === "message");
    return new Map(
      messages.map((event) => {
        const first = saying(event, Math.max(event.seq, asOf ?? 0));
        const state = bySeq.get(event.seq);
        const since = this.#changes.filter((change) => ofWhich(change) === event.seq);
        return [event.seq, since.reduce(changed, state ? become(first, state, this.#me) : first)];
      }),
    );
  }

  /** The messages that were taken back by a void event. */
  get voided(): number[] {
    return this.#changes.flatMap((event) => (event.type === "void" && event.of ? [event.of] : []));
  }
}
