import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../parts/Button.tsx";
import { words } from "./words.ts";

interface FoldedProps {
  readonly folded: boolean;
  readonly children: ComponentChildren;
}

/** What somebody whom I blocked wrote stays folded until I want to see it. */
export function Folded({ folded, children }: FoldedProps) {
  const [isOpen, setIsOpen] = useState(!folded);
  if (isOpen) return <>{children}</>;
  return (
    <p class="learn-beside">
      {words.value.folded}
      <Button kind="quiet" onPress={() => setIsOpen(true)}>
        {words.value.unfold}
      </Button>
    </p>
  );
}
