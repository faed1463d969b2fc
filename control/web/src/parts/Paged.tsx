import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Pages } from "../app/pages.ts";
import { words } from "../words/common.ts";
import { Button } from "./Button.tsx";
import { Failed, FaultNote, Skeleton } from "./States.tsx";

interface PagedProps<T> {
  readonly pages: Pages<T>;
  /** What stands there when the list is empty. */
  readonly empty: ComponentChildren;
  readonly children: (items: readonly T[]) => ComponentChildren;
}

/** A list and all its states. What comes next is fetched when its end is near, or by its button. */
export function Paged<T>({ pages, empty, children }: PagedProps<T>) {
  if (pages.items === undefined) {
    return pages.fault === undefined ? <Skeleton /> : <Failed fault={pages.fault} onAgain={pages.reload} />;
  }
  if (pages.items.length === 0 && pages.next === null) return <>{empty}</>;
  return (
    <>
      {children(pages.items)}
      <FaultNote fault={pages.fault} />
      {pages.next !== null && <End onNear={pages.more} busy={pages.busy} />}
    </>
  );
}

function End({ onNear, busy }: { readonly onNear: () => void; readonly busy: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return undefined;
    const watch = new IntersectionObserver(([seen]) => seen?.isIntersecting === true && onNear(), {
      rootMargin: "600px",
    });
    watch.observe(place.current);
    return () => watch.disconnect();
  }, [onNear]);
  return (
    <div ref={place} class="paged-end">
      <Button kind="quiet" wide busy={busy} onPress={onNear}>
        {words.value.more}
      </Button>
    </div>
  );
}
