// Runs the faults: `npm run faults` the fast ones, `-- --all` all of them at full length, `-- F1 F7` those two.

import { faultsHelp, readFaultArguments } from "./arguments.ts";
import type { Fault, FaultReport } from "./fault.ts";
import { faultIds, loadFaults } from "./fault-list.ts";

const given = readFaultArguments(process.argv.slice(2), faultIds());
if (given.kind === "help") {
  process.stdout.write(faultsHelp(faultIds()));
  process.exit(0);
}
if (given.kind === "wrong") {
  console.error(given.sentence);
  process.exit(2);
}

const { ids, full } = given;
const chosen = (await loadFaults(ids ?? faultIds())).filter(({ fast }) => fast || full || ids !== null);
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
