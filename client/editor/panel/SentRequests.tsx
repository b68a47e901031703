// Requests as they went out, or would: address, headers and body, with secrets hidden by the server.

import type { ResponseOf } from "../../../shared/api.ts";
import classes from "./Panel.module.css";

type SentRequest = ResponseOf<"testStep">["requests"][number];

export function SentRequests({ requests }: { requests: SentRequest[] }) {
  return requests.map((request, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: requests of one test have an order and nothing else
    <section className={classes.request} key={index} aria-label={`Request ${index + 1}`}>
      <div className={classes.requestLine}>
        <span className={classes.method}>{request.method}</span>
        <span>{request.url}</span>
      </div>
      {Object.keys(request.headers).length > 0 && (
        <p className={classes.headers}>
          {Object.entries(request.headers).map(([name, value]) => (
            <span key={name} style={{ display: "block" }}>
              {name}: {value}
            </span>
          ))}
        </p>
      )}
      {request.body !== null && request.body !== "" && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
        <pre className={classes.requestBody} tabIndex={0}>
          {pretty(request.body)}
        </pre>
      )}
    </section>
  ));
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
