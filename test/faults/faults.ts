// Runs the faults: `npm run faults` the fast ones, `-- --all` all of them at full length, `-- F1 F7` those two.

import type { Fault, FaultReport } from "./fault.ts";
import { faultIds, loadFaults } from "./fault-list.ts";

const words = process.argv.slice(2);
const full = words.includes("--all");
const known = faultIds();
const named = words
  .filter((word) => word !== "--all")
  .map((word) => known.find((id) => id.toLowerCase() === word.toLowerCase()) ?? word);
const unknown = named.filter((id) => !known.includes(id));
if (unknown.length > 0) {
  console.error(
    `There is no fault ${unknown.join(", ")}. There are: ${known.join(", ")}; --all is all of them.`,
  );
  process.exit(2);
}

const chosen = (await loadFaults(named.length > 0 ? named : known)).filter(
  ({ fast }) => fast || full || named.length > 0,
);
let failed = 0;
for (const fault of chosen) {
  console.log(`# ${fault.id} ${fault.title}`);
  const from = performance.now();
  const { figures, missed } = await run(fault);
  const seconds = ((performance.now() - from) / 1_000).toFixed(1);
  console.log(
    `${fault.id} ${missed.length === 0 ? "passed" : "missed"} ${seconds} s ${JSON.stringify(figures)}`,
  );
  for (const mark of missed) console.log(`  missed: ${mark}`);
  if (missed.length > 0) failed++;
}
console.log(`${chosen.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function run(fault: Fault): Promise<FaultReport> {
  try {
    return await fault.run({ full, say: (line) => console.error(`  ${line}`) });
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { figures: {}, missed: [`It could not be carried through: ${text}`] };
  }
}
