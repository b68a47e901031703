// What every store must do with flows, their versions and their samples.

import { expect, it } from "vitest";
import type { Store } from "../../server/ports/store.ts";
import {
  aCatching,
  aDelivery,
  aFlow,
  aGraph,
  aRun,
  aSample,
  aStep,
  aVersion,
  aWebhook,
  HOSTILE_TEXTS,
  T0,
} from "./builders.ts";

export function describeFlows(store: () => Store): void {
  it("gives a flow back by id and by catch key, and lists those of a workspace", async () => {
    const [one, two] = [aFlow(), aFlow({ workspaceId: "ws_2", status: "live", liveVersionId: "ver_1" })];
    await store().flows.insert(one);
    await store().flows.insert(two);
    expect(await store().flows.get(one.id)).toEqual(one);
    expect(await store().flows.byCatchKey(two.catchKey)).toEqual({
      id: two.id,
      workspaceId: two.workspaceId,
      status: two.status,
      liveVersionId: two.liveVersionId,
      catching: null,
    });
    expect(await store().flows.list("ws_1")).toEqual([one]);
    expect(await store().flows.withStatus("live")).toEqual([two]);
    expect(await store().flows.withStatus("paused")).toEqual([]);
    expect(await store().flows.get("flow_nobody")).toBeNull();
    expect(await store().flows.byCatchKey("")).toBeNull();
    expect(await store().flows.byCatchKey(one.catchKey.toUpperCase())).toBeNull();
  });

  it("keeps hostile names and notes", async () => {
    for (const text of HOSTILE_TEXTS) {
      const flow = aFlow({ name: text });
      await store().flows.insert(flow);
      expect((await store().flows.get(flow.id))?.name).toBe(text);
      await store().flows.patch(flow.id, { name: `${text}!` });
      expect((await store().flows.get(flow.id))?.name).toBe(`${text}!`);
      const version = aVersion({ flowId: flow.id, note: text });
      await store().versions.insert(version);
      expect(await store().versions.get(version.id)).toEqual(version);
      const sample = aSample({ flowId: flow.id, name: text });
      await store().samples.insert(sample, 20);
      expect(await store().samples.get(sample.id)).toEqual(sample);
    }
  });

  it("does not take a second flow with the same id or catch key", async () => {
    const flow = aFlow();
    await store().flows.insert(flow);
    await expect(store().flows.insert(aFlow({ id: flow.id }))).rejects.toThrow();
    await expect(store().flows.insert(aFlow({ catchKey: flow.catchKey }))).rejects.toThrow();
    expect(await store().flows.list("ws_1")).toEqual([flow]);
  });

  it("saves a draft only with the revision it was read at", async () => {
    const flow = aFlow();
    await store().flows.insert(flow);
    const next = {
      ...flow,
      name: "Renamed",
      revision: 2,
      draft: { ...aGraph(), edges: {} },
      updatedAt: T0 + 1,
    };
    expect(await store().flows.save(next, 1)).toBe("saved");
    expect(await store().flows.save({ ...flow, revision: 2 }, 1)).toBe("stale");
    expect(await store().flows.get(flow.id)).toEqual(next);
    expect(await store().flows.save(aFlow(), 1)).toBe("stale");
  });

  it("leaves what publishing said of a flow when its draft is saved, however old the save's view of it is", async () => {
    const flow = aFlow({ status: "draft", liveVersionId: null });
    await store().flows.insert(flow);
    await store().flows.patch(flow.id, { status: "live", liveVersionId: "ver_1", catchKey: "rotated" });
    expect(await store().flows.save({ ...flow, revision: flow.revision + 1 }, flow.revision)).toBe("saved");
    expect(await store().flows.get(flow.id)).toMatchObject({
      status: "live",
      liveVersionId: "ver_1",
      catchKey: "rotated",
    });
  });

  it("lets exactly one of thirty saves of the same revision through", async () => {
    const flow = aFlow();
    await store().flows.insert(flow);
    const saves = Array.from({ length: 30 }, (_, i) => ({ ...flow, name: `save ${i}`, revision: 2 }));
    const answers = await Promise.all(saves.map((save) => store().flows.save(save, 1)));
    expect(answers.filter((answer) => answer === "saved")).toHaveLength(1);
    expect((await store().flows.get(flow.id))?.name).toBe(`save ${answers.indexOf("saved")}`);
  });

  it("patches what is not the draft, and leaves the rest and the revision", async () => {
    const flow = aFlow();
    await store().flows.insert(flow);
    const live = { status: "live" as const, liveVersionId: "ver_1", updatedAt: T0 + 5 };
    expect(await store().flows.patch(flow.id, live)).toBe(true);
    expect(await store().flows.get(flow.id)).toEqual({ ...flow, ...live });
    expect(await store().flows.patch(flow.id, { liveVersionId: null, catchKey: "new" })).toBe(true);
    expect(await store().flows.get(flow.id)).toEqual({
      ...flow,
      ...live,
      liveVersionId: null,
      catchKey: "new",
    });
    expect(await store().flows.byCatchKey("new")).toMatchObject({
      id: flow.id,
      status: "live",
      liveVersionId: null,
    });
    expect(await store().flows.byCatchKey(flow.catchKey)).toBeNull();
    expect(await store().flows.patch(flow.id, {})).toBe(true);
    expect(await store().flows.patch("flow_nobody", live)).toBe(false);
    expect(await store().flows.patch("flow_nobody", {})).toBe(false);
  });

  it("keeps how a flow catches beside its draft and what publishing says of it", async () => {
    const [flow, other] = [aFlow(), aFlow()];
    for (const one of [flow, other]) await store().flows.insert(one);
    expect(await store().flows.catching(flow.id)).toBeNull();
    const catching = aCatching();
    expect(await store().flows.setCatching(flow.id, catching, T0 + 7)).toBe(true);
    expect(await store().flows.catching(flow.id)).toEqual(catching);
    expect((await store().flows.byCatchKey(flow.catchKey))?.catching).toEqual(catching);
    expect(await store().flows.get(flow.id)).toEqual({ ...flow, updatedAt: T0 + 7 });
    await store().flows.save({ ...flow, revision: 2 }, 1);
    await store().flows.patch(flow.id, { status: "live", catchKey: "rotated" });
    expect((await store().flows.byCatchKey("rotated"))?.catching).toEqual(catching);
    expect(await store().flows.catching(other.id)).toBeNull();
    expect((await store().flows.byCatchKey(other.catchKey))?.catching).toBeNull();
    expect(await store().flows.catching("flow_nobody")).toBeNull();
    expect(await store().flows.setCatching("flow_nobody", catching, T0)).toBe(false);
    await store().flows.remove(flow.id);
    expect(await store().flows.catching(flow.id)).toBeNull();
    expect(await store().flows.setCatching(flow.id, catching, T0)).toBe(false);
    expect(await store().flows.byCatchKey("rotated")).toBeNull();
  });

  it("catches by the new settings from the moment they are written, and with the same object until the next", async () => {
    const flow = aFlow();
    await store().flows.insert(flow);
    const caught = async () => (await store().flows.byCatchKey(flow.catchKey))?.catching;
    expect(await caught()).toBeNull();
    for (const sealed of ["v1.one", "v1.two", null]) {
      await store().flows.setCatching(flow.id, aCatching({ sealed }), T0);
      const first = await caught();
      expect(first?.sealed).toBe(sealed);
      await store().flows.save({ ...flow, revision: 1 }, 1);
      expect(await caught()).toBe(first);
    }
  });

  it("removes a flow with its versions, samples, deliveries, runs and their places in lines, and nothing of another", async () => {
    const [gone, kept] = [aFlow(), aFlow()];
    const of = { gone: { flowId: gone.id }, kept: { flowId: kept.id } };
    const versions = { gone: aVersion(of.gone), kept: aVersion(of.kept) };
    const samples = { gone: aSample(of.gone), kept: aSample(of.kept) };
    const deliveries = { gone: aDelivery(of.gone), kept: aDelivery(of.kept) };
    const runs = { gone: Array.from({ length: 1_200 }, () => aRun(of.gone)), kept: aRun(of.kept) };
    for (const flow of [gone, kept]) await store().flows.insert(flow);
    for (const version of Object.values(versions)) await store().versions.insert(version);
    for (const sample of Object.values(samples)) await store().samples.insert(sample, 20);
    await Promise.all([...runs.gone, runs.kept].map((run) => store().runs.accept(run)));
    for (const delivery of Object.values(deliveries)) await store().deliveries.insert(delivery, 20);
    for (const { id } of [...runs.gone.slice(0, 3), runs.kept]) await store().lines.join("line", id);
    const held = runs.gone[0]?.id ?? "";
    await store().runs.claim(held, T0, T0 + 30_000);
    await store().runs.record(held, 1, { steps: [aStep("a")] });
    expect(await store().flows.remove(gone.id)).toBe(true);
    expect(await store().flows.remove(gone.id)).toBe(false);
    expect(await store().flows.get(gone.id)).toBeNull();
    expect(await store().versions.list(gone.id)).toEqual([]);
    expect(await store().samples.list(gone.id)).toEqual([]);
    expect(await store().deliveries.get(deliveries.gone.id)).toBeNull();
    expect(await store().lines.first("line", 10)).toEqual([runs.kept.id]);
    expect(await store().lines.length("line", 10)).toBe(1);
    expect(await store().runs.count(gone.id)).toMatchObject({ queued: 0, running: 0 });
    expect(await store().runs.get(held)).toBeNull();
    expect(await store().runs.steps(held)).toEqual([]);
    expect(await store().runs.record(held, 1, { steps: [aStep("late")] })).toBe("fenced");
    expect(await store().flows.get(kept.id)).toEqual(kept);
    expect(await store().versions.list(kept.id)).toEqual([versions.kept]);
    expect(await store().samples.list(kept.id)).toEqual([samples.kept]);
    expect(await store().deliveries.get(deliveries.kept.id)).toEqual(deliveries.kept);
    expect(await store().runs.get(runs.kept.id)).toEqual(runs.kept);
  });

  it("writes a version once and lists the newest first", async () => {
    const versions = [2, 10, 1].map((number) => aVersion({ number, note: `no. ${number}` }));
    for (const version of versions) expect(await store().versions.insert(version)).toBe("saved");
    expect(await store().versions.insert(aVersion({ number: 10 }))).toBe("taken");
    expect(await store().versions.insert(aVersion({ number: 10, flowId: "flow_2" }))).toBe("saved");
    expect((await store().versions.list("flow_1")).map(({ number }) => number)).toEqual([10, 2, 1]);
    expect(await store().versions.get(versions[1]?.id ?? "")).toEqual(versions[1]);
    expect(await store().versions.get("ver_nobody")).toBeNull();
  });

  it("lets exactly one of thirty have a version's number", async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => store().versions.insert(aVersion())));
    expect(answers.filter((answer) => answer === "saved")).toHaveLength(1);
    expect(await store().versions.list("flow_1")).toHaveLength(1);
  });

  it("keeps the newest samples of each flow, byte for byte", async () => {
    const raw = crypto.getRandomValues(new Uint8Array(5_000));
    await store().samples.insert(aSample({ flowId: "flow_2" }), 3);
    for (let i = 0; i < 5; i++) {
      await store().samples.insert(
        aSample({ name: `${i}`, createdAt: T0 + Math.floor(i / 2), event: aWebhook(raw) }),
        3,
      );
    }
    const kept = await store().samples.list("flow_1");
    expect(kept.map(({ name }) => name)).toEqual(["4", "3", "2"]);
    expect(kept[0]?.event).toMatchObject({ raw });
    expect(await store().samples.list("flow_2")).toHaveLength(1);
    expect(await store().samples.remove(kept[0]?.id ?? "")).toBe(true);
    expect(await store().samples.remove(kept[0]?.id ?? "")).toBe(false);
    expect(await store().samples.get(kept[0]?.id ?? "")).toBeNull();
  });

  it("keeps a pinned sample while newer ones push the others out", async () => {
    const [pinned, other] = [aSample({ name: "pinned" }), aSample({ name: "other" })];
    for (const sample of [pinned, other]) await store().samples.insert(sample, 2);
    expect(await store().samples.pin(pinned.id, true, 1)).toBe("saved");
    expect(await store().samples.get(pinned.id)).toEqual({ ...pinned, pinned: true });
    for (let i = 0; i < 3; i++) await store().samples.insert(aSample({ name: `${i}` }), 2);
    const names = async () => (await store().samples.list("flow_1")).map(({ name }) => name);
    expect(await names()).toEqual(["2", "1", "pinned"]);
    expect(await store().samples.pin(pinned.id, false, 1)).toBe("saved");
    expect(await names()).toEqual(["2", "1", "pinned"]);
    await store().samples.insert(aSample({ name: "3" }), 2);
    expect(await names()).toEqual(["3", "2"]);
    expect(await store().samples.pin(pinned.id, true, 1)).toBe("missing");
  });

  it("keeps a sample that is pinned from the start", async () => {
    const sample = aSample({ pinned: true });
    await store().samples.insert(sample, 0);
    expect(await store().samples.list("flow_1")).toEqual([sample]);
  });

  it("pins only so many samples of a flow, however many ask at once", async () => {
    const samples = Array.from({ length: 12 }, () => aSample());
    for (const sample of samples) await store().samples.insert(sample, 20);
    await store().samples.insert(aSample({ flowId: "flow_2", pinned: true }), 20);
    const answers = await Promise.all(samples.map(({ id }) => store().samples.pin(id, true, 5)));
    expect(answers.filter((answer) => answer === "saved")).toHaveLength(5);
    expect(answers.filter((answer) => answer === "full")).toHaveLength(7);
    const [first] = samples.filter((_, i) => answers[i] === "saved");
    expect(await store().samples.pin(first?.id ?? "", true, 5)).toBe("saved");
  });
}
