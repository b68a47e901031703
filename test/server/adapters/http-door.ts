// The outbound door opened for this machine, as the tests use it.

import type { RequestListener } from "node:http";
import { createAddressGuard } from "../../../server/adapters/address-guard.ts";
import { createGuardedHttp, type GuardedHttp } from "../../../server/adapters/guarded-http.ts";
import type { Clock } from "../../../server/ports/clock.ts";
import type { HttpRequest } from "../../../server/ports/http.ts";
import { Refused, TryLater } from "../../../shared/problem.ts";
import { closeAfterTest } from "./loopback.ts";

type Deps = Partial<Parameters<typeof createGuardedHttp>[0]>;

export const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);
/** It stands still. */
export const CLOCK: Clock = {
  now: () => NOW,
  sleepUntil: async () => {},
  sleep: async () => {},
  after: () => () => {},
};

/** Lets requests through to 127.0.0.1, also by any name that ends in `.test`. */
export function openHttp(deps: Deps = {}): GuardedHttp {
  const guard = createAddressGuard({
    allow: ["127.0.0.1"],
    resolve: async () => [{ address: "127.0.0.1", family: 4 }],
  });
  const http = createGuardedHttp({ guard, clock: CLOCK, ...deps });
  closeAfterTest(() => http.close());
  return http;
}

/** What a request failed with; fails itself when the request did not, or when it failed in no words. */
export async function failure(
  request: HttpRequest,
  { http, ...deps }: Deps & { http?: GuardedHttp } = {},
): Promise<Refused | TryLater> {
  const thrown = await (http ?? openHttp(deps)).send(request).then(
    (answer) => new Error(`answered ${answer.status}`),
    (error: unknown) => error,
  );
  if (thrown instanceof Refused || thrown instanceof TryLater) return thrown;
  throw thrown;
}

export function respond(status: number, body = "", headers: Record<string, string> = {}): RequestListener {
  return (_, response) => {
    response.writeHead(status, headers).end(body);
  };
}
