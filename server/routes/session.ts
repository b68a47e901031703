// The owner's set-up, signing in and signing out.

import { isIP } from "node:net";
import type { Request } from "express";
import type { User } from "../../shared/account.ts";
import { newId } from "../../shared/id.ts";
import type { Store } from "../ports/store.ts";
import { DEFAULT_WORKSPACE } from "../workspace.ts";
import { beginSession, clearCookie, endSession } from "./caller.ts";
import type { RouteDeps } from "./deps.ts";
import type { Handlers, PublicHandlers } from "./handler.ts";
import { checkPassword, hashPassword } from "./passwords.ts";
import { ProblemAnswer } from "./problem.ts";
import type { SignInLimit } from "./sign-in-limit.ts";

export function signInHandlers(limit: SignInLimit): PublicHandlers {
  return {
    async setup({ store }, { caller }) {
      return {
        needsOwner: (await store.accounts.userCount()) === 0,
        signedIn: caller?.by.kind === "session" ? me(caller.by.user) : null,
      };
    },

    async createOwner(deps, { body, req, res }) {
      if ((await deps.store.accounts.userCount()) > 0) throw OWNER_EXISTS;
      refuseStrangeName(deps, req);
      await limit.attempt("set-up", req.ip ?? "");
      const owner = await createOwner(deps, body);
      // Many may have asked at once: the store let one through.
      if (!owner) throw OWNER_EXISTS;
      await beginSession(deps, req, res, owner);
      deps.log.info({ user: owner.id }, "the owner was created");
      return me(owner);
    },

    async signIn(deps, { body, req, res }) {
      const email = normal(body.email);
      const address = req.ip ?? "";
      await limit.attempt(email, address);
      const user = await deps.store.accounts.userByEmail(email);
      if (!(await checkPassword(body.password, user?.passwordHash ?? null)) || !user) throw WRONG;
      await limit.succeeded(email, address);
      await beginSession(deps, req, res, user);
      deps.log.info({ user: user.id }, "signed in");
      return me(user);
    },
  };
}

export const sessionHandlers: Handlers<"signOut"> = {
  async signOut(deps, { req, res }) {
    await endSession(deps, req);
    clearCookie(deps, res);
  },
};

/** The first user; null when there is one already. */
export async function createOwner(
  deps: Pick<RouteDeps, "clock"> & { store: Pick<Store, "accounts"> },
  account: { email: string; password: string },
): Promise<User | null> {
  const now = deps.clock.now();
  const user: User = {
    id: newId("usr", now),
    workspaceId: DEFAULT_WORKSPACE,
    email: normal(account.email),
    passwordHash: await hashPassword(account.password),
    role: "owner",
    createdAt: now,
  };
  return (await deps.store.accounts.insertFirstUser(user)) === "saved" ? user : null;
}

/**
 * While there is no owner, whoever comes first becomes it. A page on the internet could have its own name point to this
 * machine and make the browser in front of it come first: so a public name must be the one in PUBLIC_URL.
 */
function refuseStrangeName(deps: RouteDeps, req: Request): void {
  const host = URL.canParse(`http://${req.headers.host}`)
    ? new URL(`http://${req.headers.host}`).hostname
    : "";
  const isAddress = isIP(host) !== 0 || host.startsWith("[");
  const isOwn = host === new URL(deps.settings.publicUrl).hostname;
  if (isAddress || isOwn || !host.includes(".") || OWN_NETWORK.test(host)) return;
  throw new ProblemAnswer(403, {
    code: "foreign-origin",
    sentence: `The owner cannot be created under the name “${host}”.`,
    hint: "Start the server with this address as its PUBLIC_URL, or open it as localhost.",
  });
}

/** Names that nobody can register. */
const OWN_NETWORK = /\.(localhost|local|lan|home|internal|home\.arpa)$/;

/** Addresses that differ in case or in surrounding blanks are the same person's. */
function normal(email: string): string {
  return email.trim().toLowerCase();
}

function me(user: User) {
  return { id: user.id, email: user.email, role: user.role };
}

const OWNER_EXISTS = new ProblemAnswer(409, {
  code: "owner-exists",
  sentence: "The owner of this installation has been created already.",
  hint: "Sign in instead.",
});

const WRONG = new ProblemAnswer(401, {
  code: "sign-in-refused",
  sentence: "The e-mail address or the password is not right.",
});
