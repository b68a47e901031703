// The command line of the benchmark.

import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Call } from "./command.ts";

export const PARTS = ["closed", "open", "limits", "cold", "scale", "verified", "history"] as const;
export type Part = (typeof PARTS)[number];

export interface Options {
  quick: boolean;
  json: string | undefined;
  /** Null is all of them; `--quick` leaves out the long ones. */
  only: Part[] | null;
  peer: { url: string; flow: string } | undefined;
  /** Zero is any free one. */
  sinkPort: number;
  seconds: number | undefined;
  rounds: number | undefined;
  /** How many runs the part “history” begins with. */
  history: number | undefined;
}

export const HELP = `Measures the server beside what Express, node:sqlite and undici can do by themselves on this machine.

  npm run bench -- [options]

  --quick          under a minute: short rounds, and none of scale, verified and history
  --only PART,…    these parts: ${PARTS.join(", ")}
  --json FILE      also write the figures to FILE
  --seconds N      how long a round lasts
  --rounds N       how many rounds; what is printed is their median
  --history N      how many runs the part “history” begins with (1,000,000)
  --peer URL       send the same load to another product's webhook instead of starting the server
  --flow NAME      with --peer: what the table calls it
  --sink-port N    the port on which the sink listens, so that the peer can be pointed at it beforehand
  --help           this text
`;

export function readArguments(argv: string[]): Call<Options> {
  const options: Options = {
    quick: false,
    json: undefined,
    only: null,
    peer: undefined,
    sinkPort: 0,
    seconds: undefined,
    rounds: undefined,
    history: undefined,
  };
  let peerUrl: string | undefined;
  let flow: string | undefined;
  const rest = argv.flatMap((arg) => (/^--[\w-]+=/.test(arg) ? splitOnce(arg) : [arg]));
  while (rest.length > 0) {
    const flag = rest.shift() ?? "";
    if (flag === "--help" || flag === "-h") return { kind: "help" };
    if (flag === "--quick") {
      options.quick = true;
      continue;
    }
    if (!VALUED.includes(flag)) return wrong(`There is no option “${flag}”.`);
    const value = rest.shift();
    if (value === undefined || value.startsWith("--")) return wrong(`${flag} needs a value after it.`);
    if (flag === "--json") {
      const whyNot = whyNotFile(value);
      if (whyNot !== undefined) return wrong(whyNot);
      options.json = value;
    } else if (flag === "--flow") flow = value;
    else if (flag === "--peer") {
      if (!/^https?:$/.test(URL.canParse(value) ? new URL(value).protocol : "")) {
        return wrong(`--peer needs the http address of a webhook, not “${value}”.`);
      }
      peerUrl = value;
    } else if (flag === "--only") {
      options.only = [];
      for (const word of value.split(",")) {
        const part = PARTS.find((name) => name === word);
        if (!part) return wrong(`--only knows ${PARTS.join(", ")}, and no “${word}”.`);
        options.only.push(part);
      }
    } else {
      const number = Number(value);
      const most = MOST.get(flag) ?? 3_600;
      if (!Number.isInteger(number) || number < 1 || number > most) {
        return wrong(`${flag} needs a whole number from 1 to ${most}, not “${value}”.`);
      }
      if (flag === "--seconds") options.seconds = number;
      else if (flag === "--rounds") options.rounds = number;
      else if (flag === "--history") options.history = number;
      else options.sinkPort = number;
    }
  }
  if (flow !== undefined && peerUrl === undefined) return wrong("--flow goes with --peer.");
  if (peerUrl !== undefined) {
    const other = options.only?.find((part) => part !== "closed" && part !== "open");
    if (other) return wrong(`--peer measures closed and open, not ${other}.`);
    options.peer = { url: peerUrl, flow: flow ?? "the peer" };
  }
  return { kind: "run", options };
}

/** Why the figures could not be written there, said before they are measured. */
export function whyNotFile(path: string): string | undefined {
  const folder = dirname(path);
  return existsSync(folder) ? undefined : `--json: there is no folder ${folder} to write into.`;
}

const VALUED = ["--json", "--only", "--peer", "--flow", "--seconds", "--rounds", "--history", "--sink-port"];
const MOST = new Map([
  ["--history", 100_000_000],
  ["--sink-port", 65_535],
]);

function splitOnce(arg: string): string[] {
  const at = arg.indexOf("=");
  return [arg.slice(0, at), arg.slice(at + 1)];
}

function wrong(sentence: string): Call<Options> {
  return { kind: "wrong", sentence: `${sentence} --help lists the options.` };
}
