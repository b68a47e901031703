// The one way out over HTTP: every hop of every request is checked, pinned to the checked addresses, and limited.

import type { LookupFunction } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { Agent, buildConnector } from "undici";
import { Refused } from "../../shared/problem.ts";
import type { Clock } from "../ports/clock.ts";
import type { Http, HttpRequest, HttpResponse } from "../ports/http.ts";
import { type AddressGuard, refuseAddress } from "./address-guard.ts";
import { exchange, type Stop } from "./http-exchange.ts";
import { createHttpPools } from "./http-pools.ts";
import { connectionError, statusError, timeoutError } from "./http-problems.ts";
import { followRedirect, prepareRequest } from "./http-request.ts";

export interface GuardedHttp extends Http {
  /** Ends what is on its way and closes every kept connection. */
  close(): Promise<void>;
}

const CONNECT_MS = 5_000;
const DEFAULT_MS = 30_000;
const LONGEST_MS = 120_000;
const DEFAULT_BYTES = 10 * 1024 * 1024;
const DEFAULT_REDIRECTS = 5;
const MAX_HEADER_BYTES = 16 * 1024;
// Enough for thousands of requests a second to one origin; a hanging one can't use up all file handles.
const CONNECTIONS_PER_ORIGIN = 256;

/**
 * `Http` on undici. `tls.ca` adds authorities to trust. An aborted `signal` rejects with its reason.
 * Never add undici's `interceptors.dns()` here: it replaces the name by an address before the guard sees it.
 */
export function createGuardedHttp(deps: {
  guard: AddressGuard;
  clock: Clock;
  tls?: Pick<ConnectionOptions, "ca">;
}): GuardedHttp {
  const { guard, clock } = deps;
  const connect = guardedConnector(guard, deps.tls);
  // Shared by all requests. 1 means keep-alive without pipelining.
  const pools = createHttpPools(
    clock,
    () =>
      new Agent({
        connect,
        connections: CONNECTIONS_PER_ORIGIN,
        pipelining: 1,
        maxHeaderSize: MAX_HEADER_BYTES,
      }),
  );

  async function send(request: HttpRequest): Promise<HttpResponse> {
    request.signal?.throwIfAborted();
    const stop: Stop = { reason: undefined, ring: null };
    const end = (reason: unknown) => {
      stop.reason ??= reason ?? new Error("given up");
      stop.ring?.();
    };
    const giveUp = () => end(request.signal?.reason);
    request.signal?.addEventListener("abort", giveUp);
    let host = "";
    // Elapsed time, not the clock's: a socket does not care what time it is.
    const timer = setTimeout(
      () => end(timeoutError(host, { maybeDone: true })),
      wholeTime(request.timeoutMs),
    );
    try {
      let outgoing = await prepareRequest(request, guard);
      const limits = { maxBytes: request.maxBytes ?? DEFAULT_BYTES, stop };
      for (let left = request.redirects ?? DEFAULT_REDIRECTS; ; left--) {
        host = outgoing.url.host;
        const answer = await exchange(pools.current(), outgoing, limits);
        request.signal?.throwIfAborted();
        if (answer.status >= 400) throw statusError(outgoing, answer, clock.now());
        const next = request.redirects === 0 ? undefined : followRedirect(outgoing, answer, guard);
        if (next === undefined) return { ...answer, url: outgoing.url.href };
        if (left <= 0) throw tooManyRedirects(host);
        outgoing = next;
      }
    } catch (error) {
      request.signal?.throwIfAborted();
      throw connectionError(error, host);
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener("abort", giveUp);
    }
  }

  return { send, close: () => pools.destroy() };
}

/** Connects to checked addresses only, and looks once more at where the socket has arrived. */
function guardedConnector(guard: AddressGuard, tls: ConnectionOptions = {}): buildConnector.connector {
  // The guard has few look-up functions (one a port that the operator named), so there are few connectors.
  const connectors = new Map<LookupFunction, buildConnector.connector>();
  return (options, callback) => {
    const port = Number(options.port) || (options.protocol === "https:" ? 443 : 80);
    const lookup = guard.lookupFor(port);
    let connect = connectors.get(lookup);
    if (connect === undefined) {
      connect = buildConnector({ ...tls, lookup, timeout: CONNECT_MS });
      connectors.set(lookup, connect);
    }
    connect(options, (error, socket) => {
      if (error !== null) return callback(error, null);
      const address = socket.remoteAddress;
      // No address: the other side has hung up already.
      if (address !== undefined && guard.allows(address, port)) return callback(null, socket);
      socket.destroy();
      callback(address === undefined ? hungUp() : refuseAddress(options.hostname), null);
    });
  };
}

function hungUp(): Error {
  return Object.assign(new Error("The other side closed the connection"), { code: "ECONNRESET" });
}

function wholeTime(asked: number = DEFAULT_MS): number {
  return Math.min(Math.max(asked, 1), LONGEST_MS);
}

function tooManyRedirects(host: string): Refused {
  return new Refused({
    code: "http-redirects",
    sentence: `${host} redirects too often.`,
    hint: "Open the URL in a browser and use the address that it ends at.",
  });
}
