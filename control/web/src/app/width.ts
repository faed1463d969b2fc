/** Whether the window has room for two things side by side. */

import { signal } from "@preact/signals";

const query = matchMedia("(min-width: 56rem)");

export const isWide = signal(query.matches);
query.addEventListener("change", () => (isWide.value = query.matches));
