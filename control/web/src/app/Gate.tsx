import type { ComponentChildren } from "preact";
import { Brand } from "../parts/Brand.tsx";
import { words } from "../words/common.ts";
import "./gate.css";
import { Switches } from "./Switches.tsx";

/** Where strangers stand: the sign, one thing to do, and the two switches. */
export function Gate({ children }: { readonly children?: ComponentChildren }) {
  return (
    <div class="gate">
      <header class="gate-head">
        <a href="/" class="gate-brand" aria-label={words.value.madang}>
          <Brand />
        </a>
        <Switches />
      </header>
      <main id="content" class="gate-main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
