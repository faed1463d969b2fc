import { path } from "../../app/place.ts";
import "../learn/learn.css";
import { words } from "./words.ts";

/** The ways between what is mine. */
export function MeWays() {
  const t = words.value;
  const ways = [
    ["/me", t.title],
    ["/me/records", t.records],
    ["/me/visits", t.visits],
    ["/me/badges", t.badges],
  ] as const;
  return (
    <nav class="ways" aria-label={t.title}>
      <ul>
        {ways.map(([to, label]) => (
          <li key={to}>
            <a href={to} aria-current={path.value === to ? "page" : undefined}>
              {label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
