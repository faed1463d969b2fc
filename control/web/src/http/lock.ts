/**
 * One at a time, over all tabs of a browser.
 *
 * By the Web Locks API; pages without TLS do not have it, and make do with a lease in the local storage.
 */

export type Lock = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Longer than what is done under the lock takes; who holds it says so again and again. */
const LEASE_MS = 5_000;
/** Two who take it at once have both written it by then, and see who was last. */
const SETTLE_MS = 60;

/** The lock of this browser. */
export function browserLock(): Lock {
  const locks = (navigator as Partial<Navigator>).locks;
  return locks ? (name, work) => locks.request(name, work) : leaseLock(localStorage, Date.now, sleep);
}

/** Where all tabs read what one wrote: the local storage. */
export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** A lock by a lease in `store`, which is given up when its holder was not heard of for five seconds. */
export function leaseLock(store: Store, now: () => number, wait: (ms: number) => Promise<void>): Lock {
  return async (name, work) => {
    const key = `lock:${name}`;
    const me = String(Math.random());
    const holder = (): string | undefined => {
      const [who, until] = (store.getItem(key) ?? "").split(" ");
      return who !== undefined && Number(until) > now() ? who : undefined;
    };
    const take = (): void => store.setItem(key, `${me} ${now() + LEASE_MS}`);
    for (;;) {
      if (holder() === undefined) {
        take();
        await wait(SETTLE_MS);
        if (holder() === me) break;
      }
      await wait(SETTLE_MS * (1 + Math.random()));
    }
    const again = setInterval(take, LEASE_MS / 3);
    try {
      return await work();
    } finally {
      clearInterval(again);
      if (holder() === me) store.removeItem(key);
    }
  };
}

export function sleep(ms: number): Promise<void> {
  return new Promise((awake) => setTimeout(awake, ms));
}
