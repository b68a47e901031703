// What a fault script is: it does one bad thing to the real program, and says in figures what held.

export interface Fault {
  /** As in the list of faults: `F1`, `F2`, … */
  id: string;
  /** A sentence: what is done, and what must hold. */
  title: string;
  /** Runs in CI, shortened where it takes a length; the others only with `--all`. */
  fast: boolean;
  run(options: FaultOptions): Promise<FaultReport>;
}

export interface FaultOptions {
  /** The full length (30 kills, 30 minutes …) instead of the shortened one. */
  full: boolean;
  /** Told what is going on, for a person who watches. */
  say(line: string): void;
}

export interface FaultReport {
  /** Everything that was measured or counted; printed as one line of JSON. */
  figures: Record<string, number | string | boolean>;
  /** A sentence for each pass mark that was missed; empty means passed. */
  missed: string[];
}
