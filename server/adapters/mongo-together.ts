// Many who ask at the same moment are answered by one read.
//
// A read never answers who asked after it began: what they were told elsewhere a moment ago must be in their answer. So
// whoever comes while one is under way waits for the next, together with everybody else who does.

interface Waiting<T> {
  key: string;
  resolve: (value: T | undefined) => void;
  reject: (error: unknown) => void;
}

/** A read that takes longer than this holds up nobody: the next one begins beside it. */
const LONGEST_WAIT_MS = 20;

/** `readAll` gets different keys, and gives what it found by key. */
export function readTogether<T>(
  readAll: (keys: string[]) => Promise<Map<string, T>>,
): (key: string) => Promise<T | undefined> {
  let waiting: Waiting<T>[] = [];
  let underWay = false;
  let alarm: NodeJS.Timeout | undefined;

  function begin(): void {
    clearTimeout(alarm);
    const mine = waiting;
    waiting = [];
    underWay = mine.length > 0;
    if (!underWay) return;
    let isFollowed = false;
    const next = () => {
      if (isFollowed) return;
      isFollowed = true;
      begin();
    };
    alarm = setTimeout(next, LONGEST_WAIT_MS);
    readAll([...new Set(mine.map(({ key }) => key))])
      .then(
        (found) => {
          for (const { key, resolve } of mine) resolve(found.get(key));
        },
        (error) => {
          for (const { reject } of mine) reject(error);
        },
      )
      .then(next);
  }

  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject });
      if (!underWay) begin();
    });
}
