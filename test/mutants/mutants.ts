// `npm run mutants`: breaks each safety line once, in a copy, and sees whether a test notices.
//
//   npm run mutants                      all of them
//   npm run mutants -- 12 "catch URL"    by number, or by words of the name
//
// It takes a while, so it is no part of the checks; that the list fits the source is one (test/rules/mutants.test.ts).

import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { choose, HELP, type Numbered } from "./arguments.ts";
import { MUTANTS } from "./list.ts";
import { whyStale } from "./mutant.ts";
import { createScratch, type Scratch } from "./scratch.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const LANES = 2;

async function main(chosen: Numbered[]): Promise<boolean> {
  const lanes: Scratch[] = [];
  const tidyUp = () => {
    for (const lane of lanes) lane.remove();
  };
  // Also when somebody has waited long enough.
  process.once("exit", tidyUp);
  process.once("SIGINT", () => process.exit(1));
  try {
    while (lanes.length < Math.min(LANES, chosen.length)) lanes.push(createScratch(ROOT));
    const [first] = lanes;
    const files = [...new Set(chosen.flatMap(({ tests }) => tests))];
    const whole = await first?.test(files, LANES);
    if (whole?.kind !== "green") {
      console.log(`Nothing is broken yet, and a test fails: ${JSON.stringify(whole)}`);
      return false;
    }
    const left = [...chosen];
    const outcomes: Outcome[] = [];
    await Promise.all(
      lanes.map(async (lane) => {
        for (let next = left.shift(); next; next = left.shift()) {
          const outcome = await tryOut(lane, next);
          outcomes.push(outcome.kind);
          console.log(`${String(next.number).padStart(3)}  ${next.name}\n     ${outcome.words}`);
        }
      }),
    );
    const count = (kind: Outcome) => outcomes.filter((outcome) => outcome === kind).length;
    const others = count("unclear") + count("stale");
    console.log(
      `${count("killed")} killed, ${count("survived")} survived${others > 0 ? `, ${others} not tried` : ""}`,
    );
    return count("killed") === chosen.length;
  } finally {
    tidyUp();
  }
}

type Outcome = "killed" | "survived" | "unclear" | "stale";

async function tryOut(scratch: Scratch, mutant: Numbered): Promise<{ kind: Outcome; words: string }> {
  const path = join(scratch.folder, mutant.file);
  const text = readFileSync(path, "utf8");
  const stale = whyStale(mutant, text);
  if (stale !== null) return { kind: "stale", words: `STALE: ${stale}` };
  // A function, because “$” means something in a text that replaces.
  writeFileSync(
    path,
    text.replace(mutant.find, () => mutant.replace),
  );
  try {
    const verdict = await scratch.test(mutant.tests, 1);
    switch (verdict.kind) {
      case "failed":
        return { kind: "killed", words: `killed by: ${verdict.test}` };
      case "green":
        return { kind: "survived", words: "SURVIVED" };
      case "unclear":
        return { kind: "unclear", words: `NOT TRIED: ${verdict.why}` };
    }
  } finally {
    writeFileSync(path, text);
  }
}

const given = choose(MUTANTS, process.argv.slice(2));
switch (given.kind) {
  case "help":
    process.stdout.write(HELP);
    break;
  case "wrong":
    console.error(given.sentence);
    process.exitCode = 2;
    break;
  case "run":
    process.exitCode = (await main(given.chosen)) ? 0 : 1;
}
