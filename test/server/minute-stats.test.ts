// The figures of each minute reach the store after ten seconds and at the end, once, also after the store refused them.

import { afterEach, expect, test } from "vitest";
import { openSqliteMemory } from "../../server/adapters/sqlite-file.ts";
import { createSqliteStore } from "../../server/adapters/sqlite-store.ts";
import { createLog } from "../../server/log.ts";
import { type MinuteStats, startMinuteStats } from "../../server/minute-stats.ts";
import { type Store, StoreUnavailable } from "../../server/ports/store.ts";
import { createFakeClock, type FakeClock } from "../kit/clock.ts";

let store: Store;
let clock: FakeClock;
let minutes: MinuteStats;
let broken = false;
let logged: string[] = [];
afterEach(async () => {
  await minutes.stop();
  await store.close();
  broken = false;
  logged = [];
});

function start(): void {
  store = createSqliteStore(openSqliteMemory());
  clock = createFakeClock();
  const add: Store["stats"]["add"] = (minute, counts) =>
    broken ? Promise.reject(new StoreUnavailable("The disk is full.")) : store.stats.add(minute, counts);
  minutes = startMinuteStats({
    stats: { add },
    clock,
    log: createLog({ level: "debug", human: false, write: (line) => logged.push(line) }),
  });
}

const kept = async () => (await store.stats.since(0)).map(({ accepted, runMs }) => [accepted, runMs]);

test("they are written after ten seconds, and then only what is new", async () => {
  start();
  minutes.count("accepted");
  minutes.count("runMs", 250);
  expect(await kept()).toEqual([]);
  await clock.advance(10_000);
  expect(await kept()).toEqual([[1, 250]]);
  minutes.count("accepted");
  await clock.advance(20_000);
  expect(await kept()).toEqual([[2, 250]]);
});

test("with nothing to write there is no timer", async () => {
  start();
  expect(clock.sleeping()).toEqual([]);
  minutes.count("accepted");
  minutes.count("accepted");
  expect(clock.sleeping()).toEqual([clock.now() + 10_000]);
  await clock.advance(10_000);
  expect(clock.sleeping()).toEqual([]);
});

test("each minute has its own", async () => {
  start();
  minutes.count("accepted");
  await clock.advance(60_000);
  minutes.count("accepted", 2);
  await minutes.flush();
  expect(await kept()).toEqual([
    [1, 0],
    [2, 0],
  ]);
});

test("what the store does not take is kept, and counted once", async () => {
  start();
  minutes.count("accepted");
  broken = true;
  await clock.advance(10_000);
  expect(logged.join("")).toContain("could not be stored");
  minutes.count("accepted");
  broken = false;
  await clock.advance(10_000);
  expect(await kept()).toEqual([[2, 0]]);
});

test("the end writes what is left, and leaves no timer behind", async () => {
  start();
  minutes.count("accepted");
  await minutes.stop();
  expect(await kept()).toEqual([[1, 0]]);
  expect(clock.sleeping()).toEqual([]);
});
