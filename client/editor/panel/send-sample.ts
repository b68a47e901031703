// The request that sends a sample to a catch URL.

import type { SampleEvent } from "../../../shared/sample-events.ts";

export function sendable(
  catchUrl: string,
  event: Pick<SampleEvent, "contentType" | "headers" | "body">,
): { path: string; init: RequestInit } {
  const { pathname, search } = new URL(catchUrl);
  const headers = new Headers({ ...event.headers, "content-type": event.contentType });
  return {
    path: `${pathname}${search}`,
    // Without cookies: a stranger has none.
    init: { method: "POST", headers, body: event.body, credentials: "omit" },
  };
}
