// Limits how long something may take, at every event and every step: so at less than a race and a `finally` cost.

import type { Clock } from "../ports/clock.ts";

/**
 * What `work` comes to. When `ms` (milliseconds) are over first, what `late` gives or throws; what `work` comes to
 * afterwards is nobody's. `ended` is called when it has come to something, in time or not.
 */
export function within<T>(
  clock: Pick<Clock, "after">,
  ms: number,
  work: () => Promise<T>,
  late: () => T,
  ended: () => void = () => {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const callOff = clock.after(ms, () => {
      try {
        resolve(late());
      } catch (error) {
        reject(error);
      }
    });
    const end = () => {
      callOff();
      ended();
    };
    work().then(
      (value) => {
        end();
        resolve(value);
      },
      (error) => {
        end();
        reject(error);
      },
    );
  });
}
