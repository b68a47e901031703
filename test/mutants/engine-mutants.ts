// What carries a run to its end, once: acceptance, marks, records, keys, retries, the sweep; and what templates may do.

import { inFile, type Mutant } from "./mutant.ts";

const RUNS = ["test/server/engine/advance.test.ts"];
const CRASHES = ["test/server/engine/advance.test.ts", "test/server/engine/crash.test.ts"];

const LINES = ["test/server/engine/lines.test.ts"];

const HANDS = ["test/server/engine/hands.test.ts"];

export const ENGINE_MUTANTS: Mutant[] = [
  ...inFile("server/engine/advance.ts", RUNS, [
    {
      name: "A step that comes late begins without asking whether the run is still ours.",
      find: "if (ready.length > 0 && !(await isOurs(deps, hand, now))) return;",
      replace: "",
    },
  ]),
  ...inFile(
    "server/engine/run-control.ts",
    ["test/server/engine/race.test.ts"],
    [
      {
        name: "Canceling writes over what a holder has recorded meanwhile.",
        find: "await deps.store.runs.move(runId, OPEN, end, fence + 1)",
        replace: "await deps.store.runs.move(runId, OPEN, end)",
      },
    ],
  ),
  ...inFile("server/engine/hands.ts", HANDS, [
    {
      name: "One slow flow can have all the hands.",
      find: "&& (taken.get(flowId) ?? 0) < HANDS_PER_FLOW",
      replace: "",
    },
    {
      name: "A process that stops takes new runs in hand.",
      find: "hands.draining || bytes > MOST_BYTES",
      replace: "bytes > MOST_BYTES",
    },
  ]),
  ...inFile(
    "server/engine/backlog.ts",
    ["test/server/engine/backlog.test.ts"],
    [
      {
        name: "The queue grows without bound.",
        find: "if (waiting < cap) {",
        replace: "if (waiting < Number.POSITIVE_INFINITY) {",
      },
    ],
  ),
  ...inFile(
    "server/engine/shape.ts",
    ["test/server/engine/shape.test.ts"],
    [
      {
        name: "A step that asks for the time counts as one that gives the same again.",
        find: " && !asksForTime(input)",
        replace: "",
      },
    ],
  ),
  ...inFile(
    "server/engine/begin-run.ts",
    ["test/server/routes/catch.test.ts"],
    [
      {
        name: "A catch URL answers before the event is stored.",
        find: "await store.runs.accept(run);",
        replace:
          '{ kind: "accepted" as const, of: { runId: "", at: 0 } }; void store.runs.accept(run).catch(() => {});',
      },
    ],
  ),
  ...inFile(
    "server/engine/begin-run.ts",
    ["test/server/engine/catching.test.ts"],
    [
      {
        name: "The window in which the same thing counts once never ends.",
        find: "run.createdAt - result.of.at <= windowMs",
        replace: 'result.kind === "duplicate"',
      },
    ],
  ),
  ...inFile("server/engine/begin-run.ts", LINES, [
    {
      name: "A run that was called before it could be found on disk waits for the sweep.",
      find: "else await joinLines(deps, run);",
      replace: "",
    },
  ]),
  ...inFile("server/engine/lines.ts", LINES, [
    {
      name: "One more run than allowed goes on at a time.",
      find: ">= atOnceIn(line)) return false",
      replace: "> atOnceIn(line)) return false",
    },
    {
      name: "Who stands in two lines joins the second before the first one calls.",
      find: "for (const line of lines) if ((await store.lines.join(line, id)) >= atOnceIn(line)) return false;\n  return true;",
      replace:
        "const before = [];\n  for (const line of lines) before.push((await store.lines.join(line, id)) >= atOnceIn(line));\n  return !before.includes(true);",
    },
    {
      name: "Who leaves a line calls nobody.",
      find: "const run = next === null ? null : await deps.store.runs.get(next);",
      replace: "const run = null;",
    },
    {
      name: "The sweep takes out who is about to be stored.",
      find: "!(deps.clock.now() - madeAt(id) < ARRIVING_MS)",
      replace: "true",
    },
  ]),
  ...inFile(
    "server/engine/intake.ts",
    ["test/server/routes/catch.test.ts"],
    [
      {
        name: "An event is kept as the text that it was read as, not byte for byte.",
        find: "at: now, request, raw };",
        replace: "at: now, request, raw: new TextEncoder().encode(new TextDecoder().decode(raw)) };",
      },
    ],
  ),
  ...inFile("server/engine/advance.ts", CRASHES, [
    {
      name: "Nothing is marked before a step begins that must not be repeated unasked.",
      find: ".filter(({ path }) => !mayRepeat(stepAt(state, path)))",
      replace: ".filter(() => false)",
    },
    {
      name: "What is recorded is executed again.",
      find: "claim.steps)",
      replace: "[])",
    },
    {
      name: "What a crash cut off goes on as if nothing had happened.",
      find: "claim.clean ? [] : cutOff(state, now)",
      replace: "[]",
    },
    {
      name: "What follows from a result begins before the result is recorded.",
      find: 'if ((await record(deps, hand, change)) === "fenced") return;',
      replace: "void record(deps, hand, change);",
    },
    {
      name: "A holder whose write was refused goes on.",
      find: 'if ((await record(deps, hand, change)) === "fenced") return;',
      replace: "await record(deps, hand, change);",
    },
    {
      name: "A holder whose lease seems over, to a clock that was set, gets a second one beside it.",
      find: "if (hands.held.has(runId)) return;",
      replace: "",
    },
    {
      name: "What was done outside is held back like what can be worked out again.",
      find: "hand.mustWrite ||= !state.shape.pure.has(stepId);",
      replace: "",
    },
    {
      name: "A result that cannot be stored at once is let fall.",
      find: "if (!(error instanceof TryLater) || lost.isStopped()) throw error;",
      replace: "throw error;",
    },
    {
      name: "Every attempt has an idempotency key of its own.",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the source as it stands
      find: "key: `${run.id}:${path}`,",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the source as it would be
      replace: "key: `${run.id}:${path}:${startedAt}`,",
    },
  ]),
  ...inFile("server/engine/step-record.ts", RUNS, [
    {
      name: "A step that may have happened is tried again unasked.",
      find: "if (maybeDone && !mayRepeat(step)) {",
      replace: "if (false) {",
    },
    {
      name: "What was refused for good is tried again.",
      find: "const delay = retryable ?",
      replace: "const delay = true ?",
    },
  ]),
  ...inFile(
    "server/engine/retry.ts",
    ["test/server/engine/retry.test.ts"],
    [
      { name: "A step is tried for ever.", find: "if (attempt >= retry.attempts) return null;", replace: "" },
      {
        name: "The other side can put a run off for ever, or to this very moment.",
        find: "Math.min(Math.max(retryAfterMs, RETRY_AFTER_LEAST), RETRY_AFTER_MOST)",
        replace: "retryAfterMs",
      },
      {
        name: "The next attempt comes sooner than the other side asked for.",
        find: "return Math.max(own, ",
        replace: "return Math.min(own, ",
      },
    ],
  ),
  ...inFile(
    "server/engine/worker.ts",
    ["test/server/engine/worker.test.ts"],
    [
      {
        name: "What the queue lost before a start waits for the next sweep.",
        find: "await sweep(deps, -SWEEP_EVERY_MS);",
        replace: "",
      },
      {
        name: "A worker ends when the store is busy at its start.",
        find: "if (!(error instanceof TryLater)) throw error;",
        replace: "throw error;",
      },
      {
        name: "A holder is not told that its run was taken away.",
        find: "for (const id of lost) hands.held.get(id)?.lost.stop();",
        replace: "",
      },
    ],
  ),
  ...inFile("server/engine/sweep.ts", RUNS, [
    {
      name: "The sweep finds what the queue lost, and leaves it.",
      find: "overdue.map((runId) =>",
      replace: "[].map((runId) =>",
    },
  ]),
  ...inFile("server/engine/tick.ts", RUNS, [
    {
      name: "A time of a schedule starts a run with every delivery of its job.",
      find: "event, lines, dedupeKey }",
      replace: "event, lines }",
    },
  ]),
  ...inFile(
    "server/engine/step.ts",
    ["test/server/engine/test-step.test.ts", "test/server/engine/step.test.ts"],
    [
      {
        name: "A secret that the other side says back is stored with the step.",
        find: "if (auth) redact = createRedact(auth.secrets);",
        replace: "",
      },
      {
        name: "A credential typed into a step's headers is stored with its input.",
        find: "if (isCredential(value)) return",
        replace: "if (false) return",
      },
      {
        name: "A step uses the connection of another workspace.",
        find: "connection.workspaceId !== workspaceId ||",
        replace: "",
      },
      {
        name: "A step sends one service's secret to another.",
        find: "|| connection.connectorId !== connectorId",
        replace: "",
      },
      {
        name: "A step that ran out of time is taken for one that did not happen.",
        find: "{ maybeDone: true }",
        replace: "{ maybeDone: false }",
      },
    ],
  ),
  ...inFile(
    "server/engine/redact.ts",
    ["test/server/engine/redact.test.ts"],
    [
      {
        name: "A secret inside a longer base64 text is stored.",
        find: "...[0, 1, 2].flatMap((before) => insideBase64(bytes, before)),",
        replace: "",
      },
      {
        name: "A secret in the name of a field is stored.",
        find: "[mask(key), walk(item, mask)]",
        replace: "[key, walk(item, mask)]",
      },
    ],
  ),
  ...inFile(
    "shared/template-data.ts",
    ["test/shared/template.test.ts"],
    [
      {
        name: "A template reads what objects inherit.",
        find: "Object.getOwnPropertyDescriptor(holder, key)?.value",
        replace: "Reflect.get(holder, key)",
      },
      {
        name: "Data under the name __proto__ becomes a prototype.",
        find: 'if (key !== "__proto__") target[key] = value;',
        replace: "if (true) target[key] = value;",
      },
    ],
  ),
  ...inFile(
    "shared/template-budget.ts",
    ["test/shared/template.test.ts"],
    [
      { name: "A template may work for ever.", find: "if (steps > budget.steps)", replace: "if (false)" },
      {
        name: "A template may give a text of any length.",
        find: "if (chars > budget.outputChars)",
        replace: "if (false)",
      },
    ],
  ),
  ...inFile(
    "shared/template.ts",
    ["test/shared/template.test.ts"],
    [
      {
        name: "A template in the data is filled in.",
        find: "toText(evaluate(part, scene), scene.meter)",
        replace: "String(renderText(toText(evaluate(part, scene), scene.meter), scene, at))",
      },
    ],
  ),
];
