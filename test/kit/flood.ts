// For tests in which more comes than a new flow takes in a second, and the limit is not what they are about.

import type { Client } from "./api.ts";

/** For the server: no limit on all catch URLs together that a test could reach. */
export const FLOOD_SETTINGS = { CATCH_RATE: "1000000" };

/** The flow's catch URL takes whatever comes, and tells events apart by the key that they may carry. */
export async function letFloodIn(client: Client, id: string): Promise<void> {
  const settings = {
    rate: { perSecond: 100_000, burst: 1_000_000 },
    dedupe: { by: "header" as const, header: "idempotency-key" },
  };
  await client("setCatching", { params: { id }, body: { settings } });
}
