// What the engine is given: the ports, the vault, and somewhere to write what happened.

import type { Bus } from "../ports/bus.ts";
import type { Clock } from "../ports/clock.ts";
import type { Http } from "../ports/http.ts";
import type { Mailer } from "../ports/mailer.ts";
import type { Queue } from "../ports/queue.ts";
import type { Store } from "../ports/store.ts";
import type { Vault } from "../vault.ts";

export interface Log {
  debug(about: object, message: string): void;
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
  error(about: object, message: string): void;
}

export interface EngineDeps {
  store: Store;
  queue: Queue;
  bus: Bus;
  clock: Clock;
  http: Http;
  mailer: Mailer;
  vault: Vault;
  log: Log;
}
