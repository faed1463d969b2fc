import { words } from "../words/common.ts";
import { ButtonLink } from "./Button.tsx";

/** The way back to what this is a part of. */
export function Back({ to }: { readonly to: string }) {
  return (
    <p>
      <ButtonLink href={to} kind="quiet" icon="back">
        {words.value.back}
      </ButtonLink>
    </p>
  );
}
