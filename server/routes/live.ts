// The live stream: server-sent events that say what moved, so that a screen fetches it again.

import type { Request, Response } from "express";
import type { Moved } from "../../shared/api.ts";
import type { Movement } from "../ports/bus.ts";
import { type Caller, isStillIn } from "./caller.ts";
import type { RouteDeps } from "./deps.ts";
import { ProblemAnswer } from "./problem.ts";

const BEAT_MS = 25_000;
/** Of one user or token. Each holds a connection open; twenty are many tabs. */
const MOST_AT_ONCE = 20;
/** Bytes that may wait for a listener that does not listen. */
const MOST_BEHIND = 1024 * 1024;

/** `GET /api/live`, until the listener goes, is signed out, falls behind, or the server stops. */
export function liveHandler(deps: RouteDeps, callerOf: (res: Response) => Caller) {
  const open = new Map<string, number>();

  return (req: Request, res: Response): void => {
    const caller = callerOf(res);
    const who = nameOf(caller);
    if ((open.get(who) ?? 0) >= MOST_AT_ONCE) {
      throw new ProblemAnswer(
        429,
        {
          code: "too-many-streams",
          sentence: `You have ${MOST_AT_ONCE} live screens open.`,
          hint: "Close some of them.",
        },
        { retryAfterSeconds: 30 },
      );
    }
    open.set(who, (open.get(who) ?? 0) + 1);

    res.writeHead(200, {
      "Content-Type": "text/event-stream; charset=utf-8",
      // no-transform keeps compression, here and in proxies, from holding events back
      "Cache-Control": "no-cache, no-transform",
      "X-Accel-Buffering": "no",
    });
    res.write("retry: 3000\n\n");

    const send = (text: string) => {
      if (res.writableLength > MOST_BEHIND) res.destroy();
      else res.write(text);
    };
    const leave = deps.bus.subscribe((movement) => {
      if (movement.workspaceId === caller.workspaceId) {
        send(`event: moved\ndata: ${JSON.stringify(toMoved(movement))}\n\n`);
      }
    });
    const heart = setInterval(() => {
      isStillIn(deps, caller).then(
        (still) => (still ? send(": here\n\n") : res.end()),
        () => res.end(),
      );
    }, BEAT_MS);
    heart.unref();
    const end = () => res.end();
    deps.stopping.addEventListener("abort", end);

    res.on("close", () => {
      leave();
      clearInterval(heart);
      deps.stopping.removeEventListener("abort", end);
      const left = (open.get(who) ?? 1) - 1;
      if (left > 0) open.set(who, left);
      else open.delete(who);
    });
    // It may have begun to stop while the caller was being identified.
    if (deps.stopping.aborted || req.socket.destroyed) res.end();
  };
}

function nameOf({ by }: Caller): string {
  if (by.kind === "session") return by.user.id;
  return by.kind === "token" ? by.id : by.kind;
}

/** Without the workspace, which is nobody's business. */
function toMoved(movement: Movement): Moved {
  const { workspaceId: _, ...moved } = movement;
  return moved;
}
