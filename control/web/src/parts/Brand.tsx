import { words } from "../words/common.ts";
import "./brand.css";

/** ㅁ, the first letter of 마당 and the plan of a house around its yard, with the gate left open. */
export function Sign({ size = 28 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 28 28" aria-hidden="true">
      <path fill="none" stroke="currentColor" stroke-width="4" d="M17 24h7V4H4v20h7" />
      <circle cx="14" cy="14" r="2.5" class="brand-lamp" />
    </svg>
  );
}

export function Brand() {
  return (
    <span class="brand">
      <Sign />
      {words.value.madang}
    </span>
  );
}
