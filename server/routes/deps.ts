// What the routes are given beside the engine's dependencies.

import type { Received } from "../../shared/delivery.ts";
import type { IntakeDeps } from "../engine/intake.ts";
import type { OpenLimiter } from "../ports/limiter.ts";
import type { Watch } from "../watch.ts";

export interface RouteDeps extends IntakeDeps {
  settings: WebSettings;
  /** Where the built client lies. */
  clientDir: string;
  /** Aborted when the server begins to stop: nothing new is promised, long answers end. */
  stopping: AbortSignal;
  /** Proves that a caller knows the encryption key: see `local-proof.ts`. */
  localKey: Uint8Array;
  /** What the server knows of itself. */
  watch: Watch;
  /** Counts what may not be tried without end; without it each process counts for itself. */
  openLimiter?: OpenLimiter | undefined;
  /** What this process does; default: all of it. */
  role?: "all" | "web" | "worker";
  /** Told of every request to a catch URL, once, before it is answered. */
  onReceived?: (received: Received) => void;
  /** In tests: every answer is checked against its schema. */
  checkAnswers?: boolean;
}

export interface WebSettings {
  /** Origin, without a slash at the end. */
  publicUrl: string;
  trustProxy: number | string[] | false;
  maxBodyBytes: number;
  /** How long ended runs are kept; unknown, no window for duplicates is too long. */
  retentionMs?: number | undefined;
  /** With it anybody may read the metrics; without it only who may use the API. */
  metricsToken?: string | undefined;
  signIn?: Partial<SignInLimits>;
}

/** How often somebody may try to sign in. */
export interface SignInLimits {
  perAccountAndAddress: number;
  perAddress: number;
  withinSeconds: number;
}

export function isHttps(settings: WebSettings): boolean {
  return settings.publicUrl.startsWith("https:");
}
