// What a handler of the API is given and gives, typed by the route's name.

import type { Request, Response } from "express";
import type { z } from "zod";
import type { Api, ResponseOf, RouteName } from "../../shared/api.ts";
import type { Caller } from "./caller.ts";
import type { RouteDeps } from "./deps.ts";

/** The routes that need nobody to be signed in. Every other one gets its caller. */
export type PublicName = "setup" | "createOwner" | "signIn";
export type MemberName = Exclude<RouteName, PublicName>;

export interface PublicCall<N extends RouteName> {
  params: z.output<Api[N]["params"]>;
  query: z.output<Api[N]["query"]>;
  body: z.output<Api[N]["body"]>;
  caller: Caller | null;
  /** For cookies and the address; the answer itself is what the handler returns. */
  req: Request;
  res: Response;
}

export type Call<N extends RouteName> = PublicCall<N> & { caller: Caller };

export type PublicHandlers = {
  [N in PublicName]: (deps: RouteDeps, call: PublicCall<N>) => Promise<ResponseOf<N>>;
};

/** Some of the handlers, one group per file. */
export type Handlers<N extends MemberName> = {
  [K in N]: (deps: RouteDeps, call: Call<K>) => Promise<ResponseOf<K>>;
};
