// Does one attempt of one step: template → vault → the connector's run → Outcome. Nothing is stored here.

import type { Retry, Step } from "../../shared/graph.ts";
import { connectorOf, type Repeat } from "../../shared/manifest.ts";
import { type Problem, Refused, TryLater } from "../../shared/problem.ts";
import type { Outcome } from "../../shared/run.ts";
import { render } from "../../shared/template.ts";
import { openFields } from "../connection-seal.ts";
import type { Action } from "../connectors/kit.ts";
import { findAction, findConnector } from "../connectors/registry.ts";
import type { EngineDeps } from "./deps.ts";
import { CREDENTIAL_NAME, createRedact, MASK, type Redact } from "./redact.ts";
import { USUAL_RETRY } from "./retry.ts";
import { createStop, type Stop } from "./stop.ts";
import { within } from "./within.ts";
import { createWorld } from "./world.ts";

/** For a step in which no secret is in use. */
const MAKE_PLAIN = createRedact([]);
const USUAL_TIMEOUT_MS = 60_000;
/** Of one step's output as JSON text. */
const MOST_OUTPUT = 10 * 1024 * 1024;

export interface StepToDo {
  workspaceId: string;
  /** For the log; a step that is only tried has no run. */
  runId?: string;
  step: Step;
  /** The same for every attempt. */
  key: string;
  /** Outputs by step id. */
  scope: Record<string, unknown>;
  stop: Stop;
}

export interface StepDone {
  /** As rendered, without secrets. */
  input: unknown;
  outcome: Outcome;
  /** Masks the secrets that were in use. */
  redact: Redact;
}

/** One attempt. Never throws: whatever goes wrong is an outcome. */
export async function doStep(deps: EngineDeps, todo: StepToDo): Promise<StepDone> {
  const { step } = todo;
  let input: unknown = null;
  let redact: Redact = MAKE_PLAIN;
  try {
    const action = findAction(step.uses);
    if (!action) throw new Refused(unknownAction(step));
    const auth = action.connection === "none" ? undefined : await openConnection(deps, todo, action);
    if (auth) redact = createRedact(auth.secrets);
    const rendered = render(step.input, todo.scope, { now: deps.clock.now() });
    input = auth ? redact(maskCredentials(rendered)) : maskCredentials(rendered);
    const attempt = (signalOf: () => AbortSignal) =>
      action.run({ ...createWorld(deps, signalOf), input: rendered, auth: auth?.fields, key: todo.key });
    // What reaches for nothing outside waits for nothing.
    const outcome = await (action.pure ? attempt(todo.stop.signal) : withTimeout(deps, todo, attempt));
    return { input, outcome: clean(outcome, redact), redact };
  } catch (error) {
    return { input, outcome: failure(deps, todo, error, redact), redact };
  }
}

/** A step's input as a person may see it before the step begins; null when it cannot be rendered. */
export function shownInput(step: Step, scope: Record<string, unknown>, now: number): unknown {
  try {
    return MAKE_PLAIN(maskCredentials(render(step.input, scope, { now })));
  } catch {
    return null;
  }
}

/** How often and how far apart this step is tried. */
export function retryOf(step: Step): Retry {
  return step.retry ?? USUAL_RETRY;
}

/** What the step's action says of doing it twice, unless the step says otherwise. */
export function repeatOf(step: Step): Repeat {
  const byAction = findAction(step.uses)?.repeat ?? "safe";
  if (step.ifInterrupted === "ask") return "ask";
  return step.ifInterrupted === "repeat" && byAction === "ask" ? "with key" : byAction;
}

/** May the step be done again without asking, when it is not known whether it happened? */
export function mayRepeat(step: Step): boolean {
  return repeatOf(step) !== "ask";
}

async function openConnection(deps: EngineDeps, { step, workspaceId }: StepToDo, action: Action) {
  if (step.connectionId === undefined) return undefined;
  const connection = await deps.store.connections.get(step.connectionId);
  const connectorId = connectorOf(step.uses);
  if (!connection || connection.workspaceId !== workspaceId || connection.connectorId !== connectorId) {
    throw new Refused({
      code: "connection-missing",
      sentence: `The connection of “${step.name}” does not exist any more.`,
      hint: `Open the step and choose another one for “${action.name}”.`,
    });
  }
  const fields = openFields(deps.vault, connection);
  const specs = findConnector(connectorId)?.connection?.specs ?? [];
  const secrets = specs.filter((s) => s.secret).map((s) => fields[s.key]);
  return { fields, secrets: secrets.filter((s) => typeof s === "string") };
}

/** Rejects when the step takes too long, and stops what it has sent. */
function withTimeout(
  deps: EngineDeps,
  { step, stop }: StepToDo,
  run: (signalOf: () => AbortSignal) => Promise<Outcome>,
): Promise<Outcome> {
  const limit = step.timeoutMs ?? USUAL_TIMEOUT_MS;
  const own = createStop();
  const giveUp = () => own.stop(stop.reason());
  if (stop.isStopped()) giveUp();
  else stop.listen(giveUp);
  return within(
    deps.clock,
    limit,
    () => run(own.signal),
    () => {
      const error = tookTooLong(step, limit);
      own.stop(error);
      throw error;
    },
    () => stop.unlisten(giveUp),
  );
}

function tookTooLong(step: Step, limitMs: number): TryLater {
  return new TryLater(
    {
      code: "step-timeout",
      sentence: `“${step.name}” took longer than ${limitMs / 1_000} s.`,
      hint: "Give it more time in the step's settings when the service is slow.",
    },
    { maybeDone: true },
  );
}

function clean(outcome: Outcome, redact: Redact): Outcome {
  if (outcome.kind === "each") return { ...outcome, items: asList(redact(outcome.items)) };
  if (outcome.kind === "failed") return { ...outcome, problem: redactProblem(outcome.problem, redact) };
  return { ...outcome, output: redact(outcome.output, refuseTooLarge) };
}

function refuseTooLarge(length: number): void {
  if (length <= MOST_OUTPUT) return;
  throw new Refused({
    code: "output-too-large",
    sentence: `The result of this step is ${Math.round(length / 1_048_576)} MB; 10 MB is the most.`,
    hint: "Ask the service for less at a time.",
  });
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function failure(deps: EngineDeps, { step, stop, runId }: StepToDo, error: unknown, redact: Redact): Outcome {
  if (error instanceof TryLater) {
    const { problem, retryAfterMs, maybeDone } = error;
    return {
      kind: "failed",
      problem: redactProblem(problem, redact),
      retryable: true,
      maybeDone,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  }
  if (error instanceof Refused) {
    return { kind: "failed", problem: redactProblem(error.problem, redact), retryable: false };
  }
  if (!stop.isStopped())
    deps.log.error({ err: error, runId, uses: step.uses }, "a connector threw an unexpected error");
  const message = error instanceof Error ? error.message : String(error);
  const problem: Problem = {
    code: "unexpected",
    sentence: `“${step.name}” failed in a way it was not written for: ${message}`,
    hint: "This is a defect of the connector; the server's log has the details.",
  };
  return { kind: "failed", problem: redactProblem(problem, redact), retryable: false };
}

function redactProblem(problem: Problem, redact: Redact): Problem {
  const { sentence, hint } = problem;
  return {
    ...problem,
    sentence: String(redact(sentence)),
    ...(hint === undefined ? {} : { hint: String(redact(hint)) }),
  };
}

/** Name–value rows that carry a credential in plain (a header typed into the step) are shown masked. */
function maskCredentials(value: unknown): unknown {
  if (!holdsCredential(value)) return value;
  if (Array.isArray(value)) return value.map(maskCredentials);
  if (isCredential(value)) return { ...value, value: MASK };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskCredentials(item)]));
}

/** Mostly there is none, and then nothing is copied. */
function holdsCredential(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsCredential);
  return isCredential(value) || Object.values(value).some(holdsCredential);
}

function isCredential(row: object): boolean {
  if (!("name" in row) || !("value" in row)) return false;
  return typeof row.name === "string" && CREDENTIAL_NAME.test(row.name) && Object.keys(row).length === 2;
}

function unknownAction(step: Step): Problem {
  return {
    code: "action-unknown",
    sentence: `“${step.name}” uses ${step.uses}, which this installation does not have.`,
    hint: "Choose another action, or update Flowcatch.",
  };
}
