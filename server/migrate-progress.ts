// Says every few seconds how far something is.

export interface Progress {
  begin(what: string, total: number): void;
  did(count: number): void;
  end(): void;
}

const EVERY_MS = 2_000;

/** `now` counts milliseconds. */
export function createProgress(verb: string, say: (line: string) => void, now: () => number): Progress {
  let what = "";
  let total = 0;
  let done = 0;
  let began = 0;
  let said = 0;
  const line = () => {
    const seconds = (now() - began) / 1_000;
    const rate = seconds > 0 ? `, ${count(Math.round(done / seconds))} a second` : "";
    said = now();
    say(`${what}: ${count(done)} of ${count(total)} ${verb}${rate}`);
  };
  return {
    begin(name, all) {
      what = name;
      total = all;
      done = 0;
      began = now();
      said = began;
    },
    did(more) {
      done += more;
      if (now() - said >= EVERY_MS) line();
    },
    end() {
      if (done > 0) line();
    },
  };
}

/** 12345 as 12,345. */
export function count(n: number): string {
  return n.toLocaleString("en");
}
