// API tokens: made, listed, revoked. A token cannot make or revoke tokens: a leaked one must not outlive its revocation.

import type { Token } from "../../shared/account.ts";
import type { Caller } from "./caller.ts";
import type { Handlers } from "./handler.ts";
import { notFound, ProblemAnswer } from "./problem.ts";
import { newToken } from "./token-text.ts";

export const tokenHandlers: Handlers<"tokens" | "createToken" | "deleteToken"> = {
  async tokens({ store }, { caller }) {
    return { items: (await store.accounts.tokens(caller.workspaceId)).map(toRow) };
  },

  async createToken(deps, { caller, body }) {
    refuseTokens(caller);
    const { text, token } = newToken(caller.workspaceId, body.name, deps.clock.now());
    await deps.store.accounts.insertToken(token);
    deps.log.info({ id: token.id }, "an API token was made");
    return { ...toRow(token), token: text };
  },

  async deleteToken(deps, { caller, params }) {
    refuseTokens(caller);
    const { accounts } = deps.store;
    const known = (await accounts.tokens(caller.workspaceId)).some((token) => token.id === params.id);
    if (!known || !(await accounts.removeToken(params.id))) throw notFound("token", params.id);
    deps.log.info({ id: params.id }, "an API token was revoked");
  },
};

function refuseTokens(caller: Caller): void {
  if (caller.by.kind !== "token") return;
  throw new ProblemAnswer(403, {
    code: "session-needed",
    sentence: "A token cannot make or revoke tokens.",
    hint: "Sign in, or use “npm run token” on the server.",
  });
}

function toRow({ id, name, tail, createdAt, lastUsedAt }: Token) {
  return { id, name, tail, createdAt, lastUsedAt };
}
