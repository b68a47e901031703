// Each fast fault, shortened: what it does to the program leaves nothing lost, and every pass mark holds.

import { expect, test } from "vitest";
import { loadFaults } from "./fault-list.ts";

const faults = (await loadFaults()).filter(({ fast }) => fast);

for (const fault of faults) {
  test(`${fault.id} ${fault.title}`, async () => {
    const { figures, missed } = await fault.run({ full: false, say: () => {} });
    expect(missed, JSON.stringify(figures)).toEqual([]);
  }, 240_000);
}
