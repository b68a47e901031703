// What every store must do with runs: accept once, claim by one, refuse the late.

import { expect, it } from "vitest";
import type { Store } from "../../server/ports/store.ts";
import { type Run, RunStatus } from "../../shared/run.ts";
import { aRun, aStep, aWebhook, HOSTILE_DATA, HOSTILE_TEXTS, T0 } from "./builders.ts";

const LATER = T0 + 30_000;

export function describeRuns(store: () => Store): void {
  async function accepted(change: Partial<Run> = {}): Promise<Run> {
    const run = aRun(change);
    expect(await store().runs.accept(run)).toEqual({ kind: "accepted" });
    return run;
  }

  it("gives back what it accepted, and null for what it does not know", async () => {
    const run = await accepted({
      replayOf: "run_0",
      problem: { code: "x", sentence: "It broke.", hint: "Mend it.", stepId: "a", field: "to" },
      response: { status: 201, headers: { "x-a": "1" }, body: HOSTILE_DATA },
      wakeAt: T0 + 0.5,
    });
    expect(await store().runs.get(run.id)).toEqual(run);
    expect(await store().runs.get("run_nobody")).toBeNull();
    expect(await store().runs.steps("run_nobody")).toEqual([]);
  });

  it("keeps the lines of a run, and gives them with every look at it", async () => {
    const run = await accepted({ lines: ["flow_1 by customer", ...HOSTILE_TEXTS] });
    const none = await accepted({ createdAt: T0 - 1 });
    expect((await store().runs.get(run.id))?.lines).toEqual(run.lines);
    expect((await store().runs.claim(run.id, T0, LATER))?.run.lines).toEqual(run.lines);
    const { items } = await store().runs.list({ workspaceId: "ws_1", limit: 5 });
    expect(items.map(({ lines }) => lines)).toEqual([run.lines, undefined]);
    expect(await store().runs.get(none.id)).not.toHaveProperty("lines");
  });

  it("keeps the bytes of a body as they came", async () => {
    const everyByte = Uint8Array.from({ length: 1024 }, (_, i) => i % 256);
    const random = crypto.getRandomValues(new Uint8Array(60_000));
    for (const raw of [new Uint8Array(), everyByte, random, new TextEncoder().encode('{"a" : 1e400}\n')]) {
      const run = await accepted({ event: aWebhook(raw) });
      const kept = await store().runs.get(run.id);
      expect(kept?.event.kind === "webhook" && Buffer.compare(kept.event.raw, raw)).toBe(0);
      expect(kept?.event.kind === "webhook" && kept.event.raw).toBeInstanceOf(Uint8Array);
    }
  });

  it("keeps hostile headers, data and keys unchanged", async () => {
    const webhook = aWebhook("x");
    webhook.request.headers = JSON.parse('{"__proto__":"h","a.b":"$c","x-fox":"🦊"}');
    webhook.request.query = JSON.parse('{"__proto__":["1","2"],"$gt":"","":""}');
    const first = await accepted({ event: webhook });
    const second = await accepted({
      event: { kind: "manual", id: "evt_1", at: T0, data: HOSTILE_DATA },
    });
    const third = await accepted({ event: { kind: "schedule", id: "evt_2", at: T0, data: null } });
    for (const run of [first, second, third]) {
      const kept = await store().runs.get(run.id);
      expect(kept).toEqual(run);
      expect(JSON.stringify(kept?.event)).toBe(JSON.stringify(run.event));
    }
  });

  it("gives objects that are the caller's own", async () => {
    const run = aRun();
    await store().runs.accept(run);
    const first = await store().runs.get(run.id);
    if (first?.event.kind !== "webhook") throw new Error("not kept");
    first.event.raw.fill(0);
    first.event.request.headers.changed = "yes";
    if (run.event.kind === "webhook") run.event.raw.fill(1);
    expect(await store().runs.get(run.id)).not.toEqual(first);
    expect((await store().runs.recentEvents(run.flowId, 1))[0]?.event).toMatchObject({
      raw: new TextEncoder().encode('{"order":1001}'),
    });
  });

  it("accepts exactly one of fifty that come at once with the same dedupe key", async () => {
    const runs = Array.from({ length: 50 }, () => aRun({ dedupeKey: "order-1001" }));
    const answers = await Promise.all(runs.map((run) => store().runs.accept(run)));
    const winners = runs.filter((_, i) => answers[i]?.kind === "accepted");
    expect(winners).toHaveLength(1);
    for (const answer of answers) {
      if (answer.kind === "duplicate") expect(answer.of).toEqual({ runId: winners[0]?.id, at: T0 });
    }
    expect(await store().runs.count("flow_1")).toMatchObject({ queued: 1 });
    const kept = await Promise.all(runs.map((run) => store().runs.get(run.id)));
    expect(kept.filter((run) => run !== null)).toHaveLength(1);
  });

  it("takes the same dedupe key in another flow, and after the first run has ended still refuses it", async () => {
    const first = await accepted({ dedupeKey: "k" });
    await accepted({ dedupeKey: "k", flowId: "flow_2" });
    await store().runs.move(first.id, ["queued"], { run: { status: "canceled" } });
    expect(await store().runs.accept(aRun({ dedupeKey: "k" }))).toMatchObject({ kind: "duplicate" });
  });

  it("tells apart every two different dedupe keys", async () => {
    for (const dedupeKey of HOSTILE_TEXTS) {
      const run = await accepted({ dedupeKey });
      expect((await store().runs.get(run.id))?.dedupeKey).toBe(dedupeKey);
      expect(await store().runs.accept(aRun({ dedupeKey }))).toMatchObject({ of: { runId: run.id } });
    }
  });

  it("answers null, empty or false to ids that nobody gave out", async () => {
    await accepted();
    for (const id of [...HOSTILE_TEXTS, "run_%", "{}"]) {
      expect(await store().runs.get(id)).toBeNull();
      expect(await store().runs.claim(id, T0, LATER)).toBeNull();
      expect(await store().runs.move(id, [...RunStatus.options], {})).toBe(false);
      expect(await store().runs.record(id, 0, { steps: [aStep("a")] })).toBe("fenced");
    }
  });

  it("claims: fence + 1, running, leased, begun", async () => {
    const run = await accepted();
    const claim = await store().runs.claim(run.id, T0 + 5, LATER);
    const claimed = { ...run, status: "running", fence: 1, leaseUntil: LATER, startedAt: T0 + 5 };
    expect(claim).toEqual({ run: claimed, steps: [], clean: true });
    expect(await store().runs.get(run.id)).toEqual(claimed);
  });

  it("gives a claim what the steps have recorded, in order of first recording", async () => {
    const run = await accepted();
    await store().runs.claim(run.id, T0, LATER);
    await store().runs.record(run.id, 1, { steps: [aStep("z"), aStep("a", { status: "waiting" })] });
    await store().runs.record(run.id, 1, { steps: [aStep("loop[10]/m"), aStep("a", { attempt: 2 })] });
    await store().runs.record(run.id, 1, { steps: [aStep("loop[9]/m")], run: { status: "waiting" } });
    const claim = await store().runs.claim(run.id, T0, LATER);
    const steps = [aStep("z"), aStep("a", { attempt: 2 }), aStep("loop[10]/m"), aStep("loop[9]/m")];
    expect(claim?.steps).toEqual(steps);
    expect(await store().runs.steps(run.id)).toEqual(steps);
  });

  it("lets exactly one of thirty claim a run", async () => {
    const run = await accepted();
    const claims = await Promise.all(Array.from({ length: 30 }, () => store().runs.claim(run.id, T0, LATER)));
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
    expect((await store().runs.get(run.id))?.fence).toBe(1);
  });

  it("does not let a leased run be claimed until its lease has ended, and then says that it was not let go", async () => {
    const run = await accepted();
    await store().runs.claim(run.id, T0, LATER);
    expect(await store().runs.claim(run.id, LATER - 1, LATER + 30_000)).toBeNull();
    const second = await store().runs.claim(run.id, LATER, LATER + 30_000);
    expect(second).toMatchObject({ clean: false, run: { fence: 2, startedAt: T0 } });
  });

  it("claims what waits, and not what asks or has ended", async () => {
    for (const status of RunStatus.options) {
      const run = await accepted({ status });
      const claim = await store().runs.claim(run.id, T0, LATER);
      expect([status, claim !== null]).toEqual([status, ["queued", "running", "waiting"].includes(status)]);
    }
  });

  it("keeps everything a step records, whatever is in it", async () => {
    const run = await accepted();
    await store().runs.claim(run.id, T0, LATER);
    const problem = { code: "x", sentence: "Half a fox: \ud83e.", hint: "" };
    const step = aStep("loop[0]/notify", {
      status: "failed",
      attempt: 3,
      input: HOSTILE_DATA,
      output: ["x".repeat(300_000), HOSTILE_DATA],
      port: null,
      problem,
      until: T0 + 0.25,
      attempts: [{ attempt: 1, startedAt: T0, finishedAt: null, problem }],
    });
    const plain = ["text", 0, false, null, [], ""].map((output, i) => aStep(`s${i}`, { output }));
    expect(await store().runs.record(run.id, 1, { steps: [step, ...plain] })).toBe("saved");
    const kept = await store().runs.steps(run.id);
    expect(kept).toEqual([step, ...plain]);
    expect(JSON.stringify(kept[0]?.input)).toBe(JSON.stringify(HOSTILE_DATA));
  });

  it("refuses every write of a holder whose run was claimed by another", async () => {
    const run = await accepted();
    await store().runs.claim(run.id, T0, LATER);
    await store().runs.claim(run.id, LATER, LATER + 30_000);
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        store().runs.record(run.id, (i % 2) + 1, { steps: [aStep(`from${(i % 2) + 1}no${i}`)] }),
      ),
    );
    expect(answers).toEqual(answers.map((_, i) => (i % 2 === 0 ? "fenced" : "saved")));
    const paths = (await store().runs.steps(run.id)).map(({ path }) => path);
    expect(paths).toHaveLength(15);
    expect(paths.every((path) => path.startsWith("from2"))).toBe(true);
  });

  it("lets go of a run that is recorded as anything but running", async () => {
    const run = await accepted();
    await store().runs.claim(run.id, T0, LATER);
    await store().runs.record(run.id, 1, { run: { status: "running" } });
    expect((await store().runs.get(run.id))?.leaseUntil).toBe(LATER);
    const wait = { status: "waiting" as const, wakeAt: T0 + 60_000 };
    expect(await store().runs.record(run.id, 1, { run: wait })).toBe("saved");
    expect(await store().runs.get(run.id)).toMatchObject({ ...wait, leaseUntil: null, fence: 1 });
    expect(await store().runs.claim(run.id, T0, LATER)).toMatchObject({ clean: true, run: { fence: 2 } });
    expect(await store().runs.record(run.id, 2, { run: { wakeAt: null, problem: null } })).toBe("saved");
    expect((await store().runs.get(run.id))?.wakeAt).toBeNull();
  });

  it("writes nothing more to a run that has ended", async () => {
    const run = await accepted();
    await store().runs.claim(run.id, T0, LATER);
    const end = {
      status: "failed" as const,
      finishedAt: T0 + 9,
      problem: { code: "x", sentence: "No." },
      response: { status: 500, headers: {}, body: null },
    };
    expect(await store().runs.record(run.id, 1, { steps: [aStep("a")], run: end })).toBe("saved");
    expect(await store().runs.record(run.id, 1, { steps: [aStep("b")] })).toBe("fenced");
    expect(await store().runs.record(run.id, 1, { run: { status: "succeeded" } })).toBe("fenced");
    expect(await store().runs.get(run.id)).toMatchObject({ ...end, leaseUntil: null });
    expect(await store().runs.steps(run.id)).toHaveLength(1);
  });

  it("renews what is still held and names what is not", async () => {
    const [held, lost, free] = [await accepted(), await accepted(), await accepted()];
    for (const run of [held, lost, free]) await store().runs.claim(run.id, T0, LATER);
    await store().runs.claim(lost.id, LATER, LATER + 1);
    await store().runs.record(free.id, 1, { run: { status: "waiting", wakeAt: T0 } });
    const all = [...[held, lost, free].map(({ id }) => ({ id, fence: 1 })), { id: "run_gone", fence: 1 }];
    expect(new Set(await store().runs.renew(all, LATER + 99))).toEqual(new Set([lost.id, "run_gone"]));
    expect((await store().runs.get(held.id))?.leaseUntil).toBe(LATER + 99);
    expect((await store().runs.get(lost.id))?.leaseUntil).toBe(LATER + 1);
    expect((await store().runs.get(free.id))?.leaseUntil).toBeNull();
    expect(await store().runs.renew([], LATER)).toEqual([]);
  });

  it("moves by status only, and the holder's later writes are refused", async () => {
    const run = await accepted();
    await store().runs.claim(run.id, T0, LATER);
    expect(await store().runs.move(run.id, ["queued", "waiting"], { run: { status: "canceled" } })).toBe(
      false,
    );
    expect(await store().runs.move(run.id, [], { run: { status: "canceled" } })).toBe(false);
    const change = { run: { status: "canceled" as const, finishedAt: T0 }, steps: [aStep("asked")] };
    expect(await store().runs.move(run.id, ["running", "queued"], change)).toBe(true);
    expect(await store().runs.record(run.id, 1, { steps: [aStep("late")] })).toBe("fenced");
    expect(await store().runs.get(run.id)).toMatchObject({ status: "canceled", fence: 2, leaseUntil: null });
    expect((await store().runs.steps(run.id)).map(({ path }) => path)).toEqual(["asked"]);
  });

  it("lets exactly one of a move and a record that race have the last word", async () => {
    for (let round = 0; round < 20; round++) {
      const run = await accepted();
      await store().runs.claim(run.id, T0, LATER);
      const cancel = () => store().runs.move(run.id, ["running"], { run: { status: "canceled" } });
      const succeed = () => store().runs.record(run.id, 1, { run: { status: "succeeded" } });
      const [first, second] = round % 2 === 0 ? [cancel(), succeed()] : [succeed(), cancel()];
      const answers = await Promise.all([first, second]);
      const canceled = answers.includes(true);
      expect(answers.includes("saved")).toBe(!canceled);
      expect((await store().runs.get(run.id))?.status).toBe(canceled ? "canceled" : "succeeded");
    }
  });

  it("lets exactly one of thirty moves answer a question", async () => {
    const run = await accepted({ status: "asking" });
    const moves = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        store().runs.move(run.id, ["asking"], { run: { status: "queued" }, steps: [aStep(`answer${i}`)] }),
      ),
    );
    expect(moves.filter(Boolean)).toHaveLength(1);
    expect(await store().runs.steps(run.id)).toHaveLength(1);
  });

  it("finds the runs that nobody has in hand though they have something to do, oldest first", async () => {
    const queued = await accepted({ createdAt: T0 + 20 });
    await accepted({ createdAt: T0 + 100 });
    const waiting = await accepted({ createdAt: T0 - 90, status: "waiting", wakeAt: T0 + 10 });
    await accepted({ status: "waiting", wakeAt: T0 + 100 });
    await accepted({ status: "waiting", wakeAt: null });
    const running = await accepted({ status: "running", leaseUntil: T0 + 30 });
    await accepted({ status: "running", leaseUntil: T0 + 100 });
    for (const status of ["asking", "succeeded", "failed", "canceled"] as const) await accepted({ status });
    expect(await store().runs.overdue(T0 + 100, 10)).toEqual([waiting.id, queued.id, running.id]);
    expect(await store().runs.overdue(T0 + 100, 2)).toEqual([waiting.id, queued.id]);
    expect(await store().runs.overdue(T0 + 10, 10)).toEqual([]);
  });

  it("deletes old runs that have ended, with their steps, and nothing else", async () => {
    const ended: Run[] = [];
    for (const status of RunStatus.options) {
      const old = await accepted({ status, createdAt: T0 - 1 });
      if (["succeeded", "failed", "canceled"].includes(status)) ended.push(old);
    }
    for (const workspaceId of ["ws_0", "ws_2"])
      ended.push(await accepted({ status: "failed", createdAt: T0 - 1, workspaceId }));
    const young = await accepted({ status: "succeeded", createdAt: T0 });
    const stepped = await accepted({ createdAt: T0 - 5 });
    await store().runs.claim(stepped.id, T0, LATER);
    await store().runs.record(stepped.id, 1, { steps: [aStep("a")], run: { status: "succeeded" } });
    expect(await store().runs.prune(T0, 1)).toBe(1);
    expect(await store().runs.prune(T0, 3)).toBe(3);
    expect(await store().runs.prune(T0, 100)).toBe(2);
    expect(await store().runs.prune(T0, 100)).toBe(0);
    expect(await store().runs.steps(stepped.id)).toEqual([]);
    for (const run of [...ended, stepped]) expect(await store().runs.get(run.id)).toBeNull();
    expect(await store().runs.get(young.id)).not.toBeNull();
    expect(await store().runs.count()).toEqual({
      ...Object.fromEntries(["queued", "running", "waiting", "asking", "succeeded"].map((s) => [s, 1])),
      failed: 0,
      canceled: 0,
    });
  });

  it("begins a run with nothing of one that was deleted", async () => {
    const old = await accepted();
    await store().runs.claim(old.id, T0, LATER);
    await store().runs.record(old.id, 1, { steps: [aStep("a")], run: { status: "succeeded" } });
    expect(await store().runs.prune(T0 + 1, 10)).toBe(1);
    const run = await accepted({ dedupeKey: old.dedupeKey });
    expect(await store().runs.steps(run.id)).toEqual([]);
    expect(await store().runs.get(run.id)).toEqual(run);
  });

  it("gives the events of a flow's newest runs", async () => {
    for (let i = 0; i < 5; i++) {
      await accepted({ createdAt: T0 + i, event: aWebhook(String(i)), status: "succeeded" });
    }
    await accepted({ createdAt: T0 + 9, flowId: "flow_2" });
    const recent = await store().runs.recentEvents("flow_1", 2);
    expect(
      recent.map(({ event }) => event.kind === "webhook" && new TextDecoder().decode(event.raw)),
    ).toEqual(["4", "3"]);
  });

  it("counts by status, in a flow and in all", async () => {
    const zero = Object.fromEntries(RunStatus.options.map((status) => [status, 0]));
    expect(await store().runs.count()).toEqual(zero);
    expect(await store().runs.count("flow_1")).toEqual(zero);
    await accepted({ flowId: "flow_2" });
    const run = await accepted();
    await accepted();
    expect(await store().runs.count("flow_1")).toEqual({ ...zero, queued: 2 });
    await store().runs.claim(run.id, T0, LATER);
    expect(await store().runs.count("flow_1")).toEqual({ ...zero, queued: 1, running: 1 });
    await store().runs.record(run.id, 1, { run: { status: "succeeded" } });
    expect(await store().runs.count()).toEqual({ ...zero, queued: 2, succeeded: 1 });
  });
  it("moves only with the fence that was asked for", async () => {
    const run = await accepted();
    await store().runs.claim(run.id, T0, LATER);
    expect(await store().runs.move(run.id, ["running"], { steps: [aStep("a")] }, 0)).toBe(false);
    expect(await store().runs.steps(run.id)).toEqual([]);
    expect(await store().runs.move(run.id, ["running"], {}, 1)).toBe(true);
    expect(await store().runs.get(run.id)).toMatchObject({ status: "running", fence: 2, leaseUntil: null });
    expect(await store().runs.move(run.id, ["running"], { run: { status: "canceled" } }, 2)).toBe(true);
    expect(await store().runs.overdue(LATER, 10)).toEqual([]);
  });

  it("counts those that wait to be begun, no further than it is asked to", async () => {
    expect(await store().runs.backlog(10)).toBe(0);
    const run = await accepted();
    await accepted({ flowId: "flow_2" });
    await accepted({ status: "running", fence: 1, leaseUntil: LATER });
    expect(await store().runs.backlog(10)).toBe(2);
    expect(await store().runs.backlog(1)).toBe(1);
    await store().runs.claim(run.id, T0, LATER);
    expect(await store().runs.backlog(10)).toBe(1);
  });

  it("takes a run that is in hand already: its lease holds, and its fence counts", async () => {
    const run = await accepted({ status: "running", fence: 1, leaseUntil: LATER, startedAt: T0 });
    expect(await store().runs.get(run.id)).toEqual(run);
    expect(await store().runs.claim(run.id, T0, LATER)).toBeNull();
    expect(await store().runs.record(run.id, 0, { steps: [aStep("a")] })).toBe("fenced");
    expect(await store().runs.record(run.id, 1, { steps: [aStep("a")] })).toBe("saved");
    expect(await store().runs.renew([{ id: run.id, fence: 1 }], LATER + 1)).toEqual([]);
    expect(await store().runs.overdue(LATER + 2, 10)).toEqual([run.id]);
    expect(await store().runs.claim(run.id, LATER + 2, LATER + 9)).toMatchObject({ clean: false });
  });
}
