import { query } from "../../app/place.ts";

/** The way to the other form, for whoever stands before the wrong one; where they were going is kept. */
export function OtherDoor(props: { readonly asked: string; readonly path: string; readonly name: string }) {
  const then = query.value.get("then");
  return (
    <span>
      {props.asked}{" "}
      <a href={then === null ? props.path : `${props.path}?then=${encodeURIComponent(then)}`}>{props.name}</a>
    </span>
  );
}
