// The other servers that verification asks, as far as these tests need them.

import type { Http } from "../../../server/ports/http.ts";
import { TryLater } from "../../../shared/problem.ts";

/** Nobody may be asked. */
export const nobody: Http = {
  send: ({ url }) => Promise.reject(new Error(`${url} was asked`)),
};

export interface Web extends Http {
  /** What stands where; an address that is not here cannot be reached. */
  pages: Map<string, string>;
  asked: string[];
  /** Its next answers wait until this resolves. */
  holdUp?: Promise<void>;
}

export function web(pages: Record<string, string> = {}): Web {
  const asked: string[] = [];
  const one: Web = {
    pages: new Map(Object.entries(pages)),
    asked,
    async send({ url }) {
      asked.push(url);
      await one.holdUp;
      const page = one.pages.get(url);
      if (page === undefined) throw new TryLater({ code: "http-unreachable", sentence: "Nobody is there." });
      return { status: 200, headers: {}, body: Buffer.from(page), url };
    },
  };
  return one;
}
