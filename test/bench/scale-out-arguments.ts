// The command line of the benchmark of several processes.

import { parseArgs } from "node:util";
import { whyNotFile } from "./arguments.ts";
import type { Call } from "./command.ts";

export const SERVER_PARTS = ["calls", "rounds"] as const;

export interface ServersOptions {
  seconds: number;
  rounds: number;
  /** Numbers of worker processes, growing. */
  workers: number[];
  /** Null is both. */
  only: (typeof SERVER_PARTS)[number] | null;
  warm: number;
  profile: string | undefined;
  json: string | undefined;
}

export const SERVERS_HELP = `Measures the server as several processes, beside the same work done bare with BullMQ and the driver.

  npm run bench:servers -- [options]

  --seconds N        how long a round lasts (4)
  --rounds N         rounds of each side, in turn; what is printed is their median (3)
  --workers LIST     numbers of worker processes, growing (1,2,4)
  --only PART        one part: calls, which counts calls and bytes for each run, or rounds
  --warm N           runs for each worker that are not counted, whenever workers were added (2000)
  --profile FOLDER   the server's processes leave a profile of their processor time there when they end
  --json FILE        also write the figures to FILE
  --help             this text
`;

export function readServersArguments(argv: string[]): Call<ServersOptions> {
  // not strict: the sentences are our own
  const { values, positionals } = parseArgs({
    args: argv,
    options: FLAGS,
    strict: false,
    allowPositionals: true,
  });
  if (values.help !== undefined) return { kind: "help" };
  const given = new Map<string, string>();
  for (const [name, value] of Object.entries(values)) {
    const flag = name.length === 1 ? `-${name}` : `--${name}`;
    if (!Object.hasOwn(FLAGS, name)) return wrong(`There is no option “${flag}”.`);
    if (typeof value !== "string" || value === "" || value.startsWith("--")) {
      return wrong(`${flag} needs a value after it.`);
    }
    given.set(name, value);
  }
  const [stray] = positionals;
  if (stray !== undefined) return wrong(`“${stray}” belongs to no option.`);
  const options: ServersOptions = {
    seconds: 4,
    rounds: 3,
    workers: [1, 2, 4],
    only: null,
    warm: 2_000,
    profile: given.get("profile"),
    json: given.get("json"),
  };
  for (const [name, most] of [
    ["seconds", 3_600],
    ["rounds", 3_600],
    ["warm", 1_000_000],
  ] as const) {
    const text = given.get(name);
    if (text === undefined) continue;
    const number = wholeNumber(text, most);
    if (number === null) return wrong(`--${name} needs a whole number from 1 to ${most}, not “${text}”.`);
    options[name] = number;
  }
  const list = given.get("workers");
  if (list !== undefined) {
    const workers = list.split(",").map((part) => wholeNumber(part, MOST_WORKERS) ?? 0);
    if (workers.some((count, index) => count <= (workers[index - 1] ?? 0))) {
      return wrong(`--workers needs growing numbers from 1 to ${MOST_WORKERS}, as in 1,2,4, not “${list}”.`);
    }
    options.workers = workers;
  }
  const part = given.get("only");
  if (part !== undefined) {
    const known = SERVER_PARTS.find((name) => name === part);
    if (!known) return wrong(`--only knows ${SERVER_PARTS.join(", ")}, and no “${part}”.`);
    options.only = known;
  }
  const whyNot = options.json === undefined ? undefined : whyNotFile(options.json);
  return whyNot === undefined ? { kind: "run", options } : wrong(whyNot);
}

const FLAGS = {
  seconds: { type: "string" },
  rounds: { type: "string" },
  workers: { type: "string" },
  only: { type: "string" },
  warm: { type: "string" },
  profile: { type: "string" },
  json: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

const MOST_WORKERS = 64;

function wholeNumber(text: string, most: number): number | null {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= most ? number : null;
}

function wrong(sentence: string): Call<ServersOptions> {
  return { kind: "wrong", sentence: `${sentence} --help lists the options.` };
}
