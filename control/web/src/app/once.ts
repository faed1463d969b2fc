/** What a form asks for is made once, though an answer is lost and it is sent again. */

import { useMemo } from "preact/hooks";
import { newUuid } from "../chat/ids.ts";

type Named<Body> = Body & { readonly client_id: string };

export type Once = <Body extends object, Made>(
  body: Body,
  send: (body: Named<Body>) => Promise<Made>,
) => Promise<Made>;

/**
 * Send what is filled in under a name of its own: the same name as long as the same is sent, another one as soon as something
 * else is said, or when it was made.
 */
export function onceOnly(): Once {
  let sent: { readonly said: string; readonly id: string } | undefined;
  return async (body, send) => {
    const said = JSON.stringify(body);
    if (sent?.said !== said) sent = { said, id: newUuid() };
    const made = await send({ ...body, client_id: sent.id });
    sent = undefined;
    return made;
  };
}

/** For one form, as long as it stands there. */
export function useOnce(): Once {
  return useMemo(onceOnly, []);
}
