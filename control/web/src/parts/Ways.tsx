import { useEffect, useRef } from "preact/hooks";
import { path } from "../app/place.ts";
import "./ways.css";

interface WaysProps {
  /** What they are the ways between, for those who do not see it. */
  readonly label: string;
  /** Where each leads, and what it is called. */
  readonly ways: readonly (readonly [to: string, words: string])[];
  /** The one that is taken, when it is not the address itself that says so. */
  readonly here?: string | undefined;
}

/** The ways between pages that belong together, in one line; the one that is taken is in sight. */
export function Ways({ label, ways, here = path.value }: WaysProps) {
  const line = useRef<HTMLUListElement>(null);
  const taken = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    const watch = new ResizeObserver(() => middle(line.current, taken.current));
    if (line.current !== null) watch.observe(line.current); // which tells its size at once
    return () => watch.disconnect();
  }, [here]);
  return (
    <nav class="ways" aria-label={label}>
      <ul ref={line}>
        {ways.map(([to, words]) => (
          <li key={to}>
            <a
              ref={to === here ? taken : null}
              href={to}
              aria-current={to !== here ? undefined : to === path.value ? "page" : "true"}
            >
              {words}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Sideways only: a page that somebody has scrolled down stays where it is. */
function middle(line: HTMLElement | null, taken: HTMLElement | null): void {
  if (line === null || taken === null) return;
  const [around, it] = [line.getBoundingClientRect(), taken.getBoundingClientRect()];
  line.scrollLeft += it.left - around.left - (around.width - it.width) / 2;
}
