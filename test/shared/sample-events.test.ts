// The ready-made requests are what a catch URL takes.

import { describe, expect, test } from "vitest";
import { eventData } from "../../server/formats/event-data.ts";
import { parseBody } from "../../shared/event.ts";
import { findSampleEvent, SAMPLE_EVENTS, sampleEventData } from "../../shared/sample-events.ts";

describe.each(SAMPLE_EVENTS)("$id", (event) => {
  const { contentType, headers, body, name, from } = event;
  const parsed = parseBody(new TextEncoder().encode(body), contentType);

  test("parses by its content type, to an object", () => {
    expect(parsed).toMatchObject({ ok: true, body: expect.any(Object) });
    if (parsed.ok) expect(Object.keys(parsed.body ?? {}).length).toBeGreaterThan(2);
  });

  test("has headers in lower case, without the content type, that a browser can show", () => {
    expect(Object.keys(headers)).not.toContain("content-type");
    for (const [header, value] of Object.entries(headers)) {
      expect(header).toBe(header.toLowerCase());
      expect(value).toMatch(/^[ -~]+$/);
    }
  });

  test("gives the data that a flow gets when it is really sent", () => {
    const at = Date.UTC(2026, 2, 14);
    const request = {
      method: "POST",
      query: {},
      headers: { "content-type": contentType, ...headers },
      contentType,
    };
    const raw = new TextEncoder().encode(body);
    expect(sampleEventData(event, at)).toEqual(eventData({ kind: "webhook", id: "evt_1", at, request, raw }));
  });

  test("names what happened and who says so, in short", () => {
    expect(name).toMatch(/^\p{Lu}/u);
    expect(from).not.toBe("");
    expect(body.length).toBeLessThan(4_000);
  });
});

test("the ids are different, and found", () => {
  const ids = SAMPLE_EVENTS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(findSampleEvent(id)?.id).toBe(id);
  expect(findSampleEvent("nothing")).toBeUndefined();
});
