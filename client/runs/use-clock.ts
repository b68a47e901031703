// The time in short steps, for what grows on the screen while it goes on; it stands still for what has ended.

import { useEffect, useState } from "react";

const TICK_MS = 500;

export function useClock(going: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!going) return;
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [going]);
  return now;
}
