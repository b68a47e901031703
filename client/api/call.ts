// One typed call to the API: `call("publishFlow", { params: { id }, body: { note } })`.

import {
  api,
  type BodyOf,
  type ParamsOf,
  type QueryOf,
  type ResponseOf,
  type RouteName,
} from "../../shared/api.ts";
import { ApiProblem, problemOf, unreachable } from "./problem.ts";

type Given<Key extends string, T> = [T] extends [undefined] ? { [K in Key]?: undefined } : { [K in Key]: T };
export type Sent<N extends RouteName> = Given<"params", ParamsOf<N>> &
  Given<"query", QueryOf<N>> &
  Given<"body", BodyOf<N>> & {
    signal?: AbortSignal;
    /** It is sent even when the page is gone by then. */
    keepalive?: boolean;
  };
type Arguments<N extends RouteName> = Record<never, never> extends Sent<N> ? [Sent<N>?] : [Sent<N>];

export async function call<N extends RouteName>(name: N, ...[sent]: Arguments<N>): Promise<ResponseOf<N>> {
  const { method, path, response } = api[name];
  const init: RequestInit = { method: method.toUpperCase(), credentials: "same-origin" };
  if (sent?.signal) init.signal = sent.signal;
  if (sent?.keepalive) init.keepalive = true;
  const headers = new Headers({ accept: "application/json" });
  // A header that another site cannot send along without being asked first.
  if (method !== "get") headers.set("x-flowcatch", "1");
  if (sent?.body !== undefined) {
    headers.set("content-type", "application/json");
    init.body = JSON.stringify(sent.body);
  }
  const answer = await send(addressOf(path, sent?.params, sent?.query), { ...init, headers });
  const body = await bodyOf(answer);
  if (!answer.ok) throw problemOf(answer.status, body);
  const parsed = response.safeParse(body);
  if (!parsed.success) {
    throw new ApiProblem(answer.status, {
      code: "unexpected-answer",
      sentence: "The server's answer has an unexpected form.",
      hint: "This page may be older than the server: reload it.",
    });
  }
  return parsed.data as ResponseOf<N>;
}

async function send(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreachable();
  }
}

/** The JSON of an answer; undefined when it has none. */
async function bodyOf(answer: Response): Promise<unknown> {
  const text = await answer.text().catch(() => {
    throw unreachable();
  });
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** "/flows/{id}" with its parameters filled in and the query behind it; what is absent or empty is left out. */
export function addressOf(path: string, params?: object, query?: object): string {
  const filled = Object.entries(params ?? {}).reduce(
    (text, [key, value]) => text.replace(`{${key}}`, encodeURIComponent(String(value))),
    path,
  );
  const search = new URLSearchParams(
    Object.entries(query ?? {}).flatMap(([key, value]) =>
      value === undefined || value === null || value === "" ? [] : [[key, String(value)]],
    ),
  );
  return `/api${filled}${search.size > 0 ? `?${search}` : ""}`;
}
