/** Of the fields of `now`, those that are otherwise than in `begun`: sent alone, they change nothing back that others changed. */
export function differing<T extends object>(begun: Partial<T>, now: Partial<T>): Partial<T> {
  const keys = (Object.keys(now) as (keyof T)[]).filter(
    (key) => JSON.stringify(now[key]) !== JSON.stringify(begun[key]),
  );
  return Object.fromEntries(keys.map((key) => [key, now[key]])) as Partial<T>;
}
