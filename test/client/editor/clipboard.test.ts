// Steps as text: copied, carried through a chat, pasted with fresh ids.

import { expect, test } from "vitest";
import { copyAll, copyText, paste, readCopy } from "../../../client/editor/clipboard.ts";
import { putNote } from "../../../shared/graph-notes.ts";
import { graph } from "../../kit/graph.ts";

const url = "https://x.example/{{ http.body.id | default: http.status }}/{{trigger.body.id}}";
const source = graph("trigger -> http -> tell", {
  http: { uses: "http.request", at: { x: 100, y: 100 } },
  tell: { uses: "http.request", at: { x: 100, y: 260 }, input: { url, headers: [{ value: "{{http.id}}" }] } },
});

test("what is copied is read again, also out of a chat with words and a fence around it", () => {
  const text = copyText(source, ["http", "tell"]);
  const copy = readCopy(text);
  expect(Object.keys(copy?.steps ?? {})).toEqual(["http", "tell"]);
  expect(Object.values(copy?.edges ?? {})).toMatchObject([{ from: "http", to: "tell" }]);
  expect(readCopy(`Try these:\n\`\`\`json\n${text}\n\`\`\`\nand tell me.`)).toEqual(copy);
});

test("other text is not taken for steps", () => {
  expect(readCopy("hello")).toBeNull();
  expect(readCopy('{"steps": {}, "edges": {}}')).toBeNull();
  expect(readCopy('{"flowcatch": "steps", "steps": {"a": {"id": "b"}}, "edges": {}}')).toBeNull();
  expect(readCopy('{"flowcatch": "steps", "steps": {"__proto__": {}}, "edges": {}}')).toBeNull();
});

test("ids that are taken are made fresh, and references among the copied steps follow; others stay", () => {
  const copy = readCopy(copyText(source, ["http", "tell"]));
  if (!copy) throw new Error("not read");
  const { graph: pasted, ids } = paste(source, copy);
  expect(ids).toEqual(["http2", "http3"]);
  expect(pasted.steps.http3?.input).toEqual({
    url: "https://x.example/{{ http2.body.id | default: http2.status }}/{{trigger.body.id}}",
    headers: [{ value: "{{http2.id}}" }],
  });
  expect(Object.values(pasted.edges)).toContainEqual(
    expect.objectContaining({ from: "http2", port: "main", to: "http3" }),
  );
  expect(pasted.steps.http).toBe(source.steps.http);
});

test("free ids are kept, so that what was cut and pasted is found by those that refer to it", () => {
  const copy = readCopy(copyText(source, ["tell"]));
  const { ids } = paste(graph("trigger"), copy ?? source, { x: 500, y: 500 });
  expect(ids).toEqual(["tell"]);
});

test("a flow that has a trigger takes no second one; an empty one takes it", () => {
  const copy = readCopy(copyAll(source)) ?? source;
  expect(Object.keys(paste(graph("trigger"), copy).graph.steps)).toEqual(["trigger", "http", "tell"]);
  expect(paste({ steps: {}, edges: {} }, copy).graph.steps.trigger?.uses).toBe("webhook.catch");
});

test("the copy's corner goes to the place that is asked for, on the grid; notes come along", () => {
  const note = {
    id: "note1",
    text: "Hi",
    at: { x: 0, y: 100 },
    width: 200,
    height: 100,
    color: "blue",
  } as const;
  const withNote = putNote(source, note);
  const copy = readCopy(copyText(withNote, ["http", "note:note1"])) ?? source;
  const { graph: pasted, ids } = paste(withNote, copy, { x: 1_003, y: 998 });
  expect(ids).toEqual(["http2", "note:note2"]);
  expect(pasted.notes?.note2?.at).toEqual({ x: 1_000, y: 1_000 });
  expect(pasted.steps.http2?.at).toEqual({ x: 1_100, y: 1_000 });
});
