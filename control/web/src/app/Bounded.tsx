import type { ComponentChildren } from "preact";
import { useErrorBoundary } from "preact/hooks";
import { Button } from "../parts/Button.tsx";
import { Empty } from "../parts/States.tsx";
import { words } from "../words/common.ts";

/** A screen that breaks, breaks alone: the ways to all the others stay. What broke is the console's to tell. */
export function Bounded({ children }: { readonly children: ComponentChildren }) {
  const [fault, again] = useErrorBoundary((broken: unknown) => reportError(broken));
  if (fault === undefined) return <>{children}</>;
  return (
    <Empty whole title={words.value.broken} act={<Button onPress={again}>{words.value.again}</Button>} />
  );
}
