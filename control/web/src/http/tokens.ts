/** The session's tokens for the chat client: the handshake says the cookie by itself, a live socket is told a token of its own. */

import { Failure } from "../chat/failure.ts";
import type { Tokens } from "../chat/client.ts";
import type { Http } from "./client.ts";

export function socketTokens(http: Http): Tokens {
  return {
    async forVisit(anew) {
      if (http.session.kept === undefined) throw new Failure("unauthenticated");
      await (anew ? http.session.renew() : http.session.fresh());
      return undefined;
    },
    async forRenewal() {
      return (await http.ask("POST /api/v1/socket-tokens")).token;
    },
  };
}
