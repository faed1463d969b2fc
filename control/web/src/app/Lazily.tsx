import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "../parts/Button.tsx";
import { Empty, Skeleton } from "../parts/States.tsx";
import { words } from "../words/common.ts";
import type { Screen, ScreenProps } from "./screens.ts";

type Load = Screen["load"];

/** A screen whose code is on its way. It may not come: offline, or because the server has a newer app by now. */
export function Lazily({ load, params }: ScreenProps & { readonly load: Load }) {
  const [Shown, setShown] = useState<ComponentType<ScreenProps> | "failed" | undefined>(() =>
    loaded.get(load),
  );
  useEffect(() => {
    if (Shown !== undefined) return;
    load().then(
      (module) => {
        loaded.set(load, module.default);
        setShown(() => module.default);
      },
      () => setShown("failed"),
    );
  }, [load, Shown]);
  if (Shown === undefined) return <Skeleton />;
  if (Shown === "failed") {
    return (
      <Empty
        whole
        title={navigator.onLine ? words.value.newVersion : words.value.offline}
        act={<Button onPress={() => location.reload()}>{words.value.reload}</Button>}
      />
    );
  }
  return <Shown params={params} />;
}

const loaded = new Map<Load, ComponentType<ScreenProps>>();
