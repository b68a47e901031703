// Samples that people make and pin, and the preview of a schedule.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ResponseOf } from "../../../shared/api.ts";
import type { FlowView } from "../../../shared/api-views.ts";
import { type Answer, startTestApp, type TestApp } from "../../kit/app.ts";
import { liveFlow } from "../../kit/flows.ts";

type Sample = ResponseOf<"createSample">;

let app: TestApp;
let flow: FlowView;
beforeEach(async () => {
  app = await startTestApp();
  flow = await liveFlow(app, {
    set: { uses: "logic.setFields", input: { fields: [{ name: "a", value: "1" }] } },
  });
});
afterEach(() => app.close());

const at = (path = "") => `/api/flows/${flow.id}/samples${path}`;
const sample = (answer: Answer) => answer.body as Sample;
const make = async (name: string, data: unknown) => app.owner("POST", at(), { body: { name, data } });
const pin = (id: string, pinned = true) => app.owner("POST", at(`/${id}/pin`), { body: { pinned } });
const list = async () => ((await app.owner("GET", at())).body as { items: Sample[] }).items;

describe("a sample made by hand", () => {
  test("is kept with its data and told from a caught one", async () => {
    const data = { method: "POST", body: { order: 7, __proto__x: [null, "🦊"] } };
    const answer = await make(" An edited order ", data);
    expect(answer.status).toBe(201);
    expect(sample(answer)).toMatchObject({
      name: "An edited order",
      from: "made",
      pinned: false,
      event: { kind: "manual", data, bytes: null },
    });
    expect(await list()).toEqual([sample(answer)]);
    expect((await app.owner("DELETE", at(`/${sample(answer).id}`))).status).toBe(204);
    expect(await list()).toEqual([]);
  });

  test.each([
    ["without a name", { data: {} }, 400, "invalid-request"],
    ["without data", { name: "Empty" }, 400, "invalid-request"],
    ["with an empty name", { name: "  ", data: {} }, 400, "invalid-request"],
    ["nested too deep", { name: "Deep", data: JSON.parse("[".repeat(65) + "]".repeat(65)) }, 422, "too-deep"],
  ])("is refused %s", async (_, body, status, code) => {
    expect(await app.owner("POST", at(), { body })).toMatchObject({ status, body: { code } });
    expect(await list()).toEqual([]);
  });

  test("may be as deep as a body", async () => {
    const data: unknown = JSON.parse("[".repeat(64) + "]".repeat(64));
    expect((await make("Deep", data)).status).toBe(201);
  });
});

describe("a pinned sample", () => {
  test("stays when newer ones come, and stands first", async () => {
    const kept = sample(await make("Keep me", { n: 0 }));
    expect(sample(await pin(kept.id))).toEqual({ ...kept, pinned: true });
    for (let n = 1; n <= 21; n++) await make(`no. ${n}`, { n });
    const items = await list();
    expect(items).toHaveLength(21);
    expect(items[0]).toEqual({ ...kept, pinned: true });
    expect(items[1]).toMatchObject({ name: "no. 21" });
    expect(sample(await pin(kept.id, false)).pinned).toBe(false);
    await make("the last straw", {});
    expect((await list()).map(({ id }) => id)).not.toContain(kept.id);
  });

  test("can be the event of a run: it becomes a sample of its own, once", async () => {
    const caught = await app.anonymous("POST", new URL(flow.catchUrl).pathname, { body: { order: 1 } });
    const { runId } = caught.body as { runId: string };
    expect(await list()).toMatchObject([{ id: runId, from: "run" }]);
    const pinned = sample(await pin(runId));
    expect(pinned).toMatchObject({ from: "caught", pinned: true, event: { data: { body: { order: 1 } } } });
    expect(await list()).toEqual([pinned]);
    expect(sample(await pin(runId)).id).toBe(pinned.id);
    await app.owner("DELETE", at(`/${pinned.id}`));
    expect(await list()).toMatchObject([{ id: runId, from: "run", pinned: false }]);
  });

  test("is one of twenty at most", async () => {
    for (let n = 0; n < 20; n++) await pin(sample(await make(`no. ${n}`, n)).id);
    const more = sample(await make("one more", {}));
    expect(await pin(more.id)).toMatchObject({ status: 409, body: { code: "samples-full" } });
    expect((await list()).filter(({ pinned }) => pinned)).toHaveLength(20);
  });

  test("belongs to its flow", async () => {
    const kept = sample(await make("Mine", {}));
    const other = await liveFlow(app, { set: { uses: "logic.setFields", input: { fields: [] } } });
    for (const id of [kept.id, "smp_nobody"]) {
      const path = `/api/flows/${other.id}/samples/${id}/pin`;
      expect((await app.owner("POST", path, { body: { pinned: true } })).status).toBe(404);
    }
    expect(await pin(kept.id, true)).toMatchObject({ status: 200 });
  });
});

describe("the preview of a schedule", () => {
  const preview = (uses: string, input: Record<string, unknown>) =>
    app.owner("POST", "/api/schedule/preview", { body: { uses, input } });

  test("shows the next five times", async () => {
    const answer = await preview("schedule.cron", { cron: "0 9 * * 1-5", timeZone: "Europe/Berlin" });
    const { times } = answer.body as { times: number[] };
    expect(times).toHaveLength(5);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    for (const time of times) {
      expect(time).toBeGreaterThan(app.deps.clock.now());
      const shown = new Date(time).toLocaleString("en-GB", {
        timeZone: "Europe/Berlin",
        weekday: "long",
        hour: "numeric",
      });
      expect(shown).toMatch(/(Mon|Tues|Wednes|Thurs|Fri)day.*09/);
    }
    const often = (await preview("schedule.interval", { every: 10, unit: "minutes" }))
      .body as typeof answer.body;
    expect(often).toMatchObject({ times: expect.arrayContaining([expect.any(Number)]) });
  });

  test.each([
    ["schedule.cron", { cron: "9 o'clock" }, "cron-invalid"],
    ["schedule.cron", { cron: "0 0 * * *", timeZone: "Mars/Olympus" }, "time-zone-unknown"],
    ["schedule.cron", { cron: "0 0 30 2 *" }, "schedule-never"],
    ["schedule.cron", {}, "input-invalid"],
    ["schedule.interval", { every: 0, unit: "minutes" }, "input-invalid"],
    ["webhook.catch", {}, "trigger-unknown"],
    ["acme.never", {}, "trigger-unknown"],
    ["__proto__.toString", {}, "trigger-unknown"],
  ])("refuses %s %o with %s", async (uses, input, code) => {
    expect(await preview(uses, input)).toMatchObject({ status: 422, body: { code } });
  });
});
