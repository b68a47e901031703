// The logic of a form drawn from fields.

import { expect, test } from "vitest";
import { initialValues, isShown, isWanting, problemsOf, toSend } from "../../../client/form/form-values.ts";
import type { FieldSpec } from "../../../shared/field.ts";

const field = (key: string, more: Partial<FieldSpec> = {}): FieldSpec => ({
  key,
  label: key.toUpperCase(),
  control: "text",
  required: false,
  ...more,
});
const kind = field("kind", { control: "select", default: "basic", required: true });
const user = field("user", { required: true, showIf: { field: "kind", in: ["basic"] } });
const token = field("token", { control: "secret", required: true, showIf: { field: "kind", in: ["token"] } });

test("a form begins with what was kept, then with defaults, then empty", () => {
  const fields = [kind, user, field("on", { control: "toggle" }), field("rows", { control: "pairs" })];
  expect(initialValues(fields, { user: "ann" })).toEqual({ kind: "basic", user: "ann", on: false, rows: [] });
});

test("a field is shown only while the other one has one of its values", () => {
  expect(isShown(user, { kind: "basic" })).toBe(true);
  expect(isShown(token, { kind: "basic" })).toBe(false);
});

test("only fields that are shown are demanded", () => {
  expect(problemsOf([kind, user, token], { kind: "basic", user: " " })).toEqual({
    user: "USER must not be empty.",
  });
  expect(problemsOf([kind, user, token], { kind: "token" })).toEqual({ token: "TOKEN must not be empty." });
});

test("what cannot be demanded of everybody is demanded of whoever sees it", () => {
  const url = field("url", { requiredWhenShown: true, showIf: { field: "kind", in: ["token"] } });
  expect(problemsOf([kind, url], { kind: "basic" })).toEqual({});
  expect(problemsOf([kind, url], { kind: "token", url: "" })).toEqual({ url: "URL must not be empty." });
});

test("a secret that is kept may stay empty, and is then not sent", () => {
  const values = { kind: "token", token: "" };
  expect(problemsOf([kind, token], values, new Set(["token"]))).toEqual({});
  expect(toSend([kind, token], values)).toEqual({ kind: "token" });
});

test("numbers and JSON are checked as they are typed", () => {
  const fields = [field("port", { control: "number" }), field("body", { control: "json" })];
  expect(Object.keys(problemsOf(fields, { port: "many", body: "{" }))).toEqual(["port", "body"]);
  expect(problemsOf(fields, { port: "587", body: '{"a":1}' })).toEqual({});
  expect(toSend(fields, { port: 587, body: '{"a":1}' })).toEqual({ port: 587, body: { a: 1 } });
});

test("what is hidden or empty is not sent, false and zero are", () => {
  const fields = [kind, user, token, field("on", { control: "toggle" }), field("n", { control: "number" })];
  expect(toSend(fields, { kind: "basic", user: "", token: "t", on: false, n: 0 })).toEqual({
    kind: "basic",
    on: false,
    n: 0,
  });
});

test("the entries of a list are sent by the same rules", () => {
  const rows = field("rows", { control: "list", items: [field("name"), field("note")] });
  expect(toSend([rows], { rows: [{ name: "a", note: "" }, "odd"] })).toEqual({ rows: [{ name: "a" }, {}] });
});

test("a field hangs on another one's default, and is hidden together with it", () => {
  const method = field("method", { control: "select", default: "GET" });
  const body = field("body", { default: "none", showIf: { field: "method", in: ["POST"] } });
  const json = field("json", { showIf: { field: "body", in: ["json"] } });
  const fields = [method, body, json];
  expect(isShown(body, {}, fields)).toBe(false);
  expect(isShown(body, { method: "POST" }, fields)).toBe(true);
  expect(isShown(json, { method: "POST", body: "json" }, fields)).toBe(true);
  expect(isShown(json, { method: "GET", body: "json" }, fields)).toBe(false);
  expect(isShown(body, { method: "{{trigger.method}}" }, fields)).toBe(true);
});

test("what must be filled in and is empty is wanting", () => {
  expect(isWanting(field("to", { required: true }), " ")).toBe(true);
  expect(isWanting(field("to", { required: true, default: "x" }), undefined)).toBe(false);
  expect(isWanting(field("until", { requiredWhenShown: true }), "")).toBe(true);
  expect(isWanting(field("note"), "")).toBe(false);
});
