// Requests that two programs may read in two ways, floods of headers, and what a strict server answers to each.

export interface SmugglingCase {
  name: string;
  pieces: (string | Uint8Array)[];
  /** Of each answer in turn. A sender that is refused gets one, and the connection is closed. */
  statuses: number[];
  /** Left open by an honest request; anything refused is closed. */
  open?: true;
  /** Runs of the flow that the outer request is for. */
  runs: number;
}

/** `path` takes the outer request; `hidden` is the path that must never be reached, in what follows it. */
export function smugglingCases(path: string, hidden: string): SmugglingCase[] {
  const inner = `POST ${hidden} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{"n":1}`;
  const post = (headers: string[], rest: string | Uint8Array = "", line = `POST ${path} HTTP/1.1`) => [
    `${[line, "Host: localhost", "Content-Type: application/json", ...headers].join("\r\n")}\r\n\r\n`,
    rest,
  ];
  const refused = (name: string, pieces: (string | Uint8Array)[], status = 400): SmugglingCase => ({
    name,
    pieces,
    statuses: [status],
    runs: 0,
  });
  const chunks = `7\r\n{"n":1}\r\n0\r\n\r\n`;
  const chunked = (head: string, body: string) => post([head], body + inner);
  return [
    refused(
      "Content-Length, then Transfer-Encoding",
      post(["Content-Length: 4", "Transfer-Encoding: chunked"], `0\r\n\r\n${inner}`),
    ),
    refused(
      "Transfer-Encoding, then Content-Length",
      post(["Transfer-Encoding: chunked", "Content-Length: 4"], `0\r\n\r\n${inner}`),
    ),
    refused("Transfer-Encoding: xchunked", chunked("Transfer-Encoding: xchunked", chunks)),
    refused("Transfer-Encoding: chunked, identity", chunked("Transfer-Encoding: chunked, identity", chunks)),
    refused("Transfer-Encoding: identity", chunked("Transfer-Encoding: identity", chunks)),
    refused("a space before the colon", chunked("Transfer-Encoding : chunked", chunks)),
    refused("a tab within the name", chunked("Transfer\t-Encoding: chunked", chunks)),
    refused("a name that starts with a space", chunked(" Transfer-Encoding: chunked", chunks)),
    refused("a vertical tab in the value", chunked("Transfer-Encoding: \x0bchunked", chunks)),
    refused("a folded Transfer-Encoding", chunked("Transfer-Encoding:\r\n chunked", chunks)),
    refused("a folded header", post(["X-Long: one\r\n two", "Content-Length: 7"], `{"n":1}${inner}`)),
    refused("two lengths that differ", post(["Content-Length: 7", "Content-Length: 3"], `{"n":1}${inner}`)),
    refused("two lengths that agree", post(["Content-Length: 7", "Content-Length: 7"], `{"n":1}${inner}`)),
    refused("a list of lengths", post(["Content-Length: 7, 7"], `{"n":1}${inner}`)),
    refused("a length with a sign", post(["Content-Length: +7"], `{"n":1}${inner}`)),
    refused("a negative length", post(["Content-Length: -7"], `{"n":1}${inner}`)),
    refused("a length in hex", post(["Content-Length: 0x7"], `{"n":1}${inner}`)),
    refused("a length beyond 64 bits", post(["Content-Length: 18446744073709551623"], `{"n":1}${inner}`)),
    refused("an empty length", post(["Content-Length:"], `{"n":1}${inner}`)),
    refused("lines that end in a bare LF", [
      `POST ${path} HTTP/1.1\nHost: localhost\nContent-Length: 7\n\n{"n":1}${inner}`,
    ]),
    refused("one header that ends in a bare LF", post(["X-One: 1\nContent-Length: 7"], `{"n":1}${inner}`)),
    refused("one header that ends in a bare CR", post(["X-One: 1\rContent-Length: 7"], `{"n":1}${inner}`)),
    refused("NUL in a header's value", post(["X-Nul: a\0b", "Content-Length: 7"], `{"n":1}${inner}`)),
    refused("NUL in a header's name", post(["X-\0Nul: a", "Content-Length: 7"], `{"n":1}${inner}`)),
    refused("a header without a colon", post(["X-Nothing", "Content-Length: 7"], `{"n":1}${inner}`)),
    refused("a header without a name", post([": nothing", "Content-Length: 7"], `{"n":1}${inner}`)),
    refused("no Host", [`POST ${path} HTTP/1.1\r\nContent-Length: 7\r\n\r\n{"n":1}${inner}`]),
    refused("3,000 headers", post([...flood(3_000), "Content-Length: 7"], `{"n":1}${inner}`), 431),
    refused(
      "3,000 headers of one letter",
      post([...Array.from({ length: 3_000 }, () => "a:"), "Content-Length: 7"], `{"n":1}${inner}`),
      431,
    ),
    refused("one header of 64 KB", post([`X-Long: ${"x".repeat(65_536)}`], inner), 431),
    refused("an address of 64 KB", post([], inner, `POST ${path}?${"x".repeat(65_536)} HTTP/1.1`), 431),
    refused(
      "headers in the trailer, without end",
      chunked("Transfer-Encoding: chunked", `7\r\n{"n":1}\r\n0\r\n${flood(3_000).join("\r\n")}\r\n\r\n`),
      431,
    ),
    refused(
      "a trailer that names another length",
      chunked("Transfer-Encoding: chunked", `7\r\n{"n":1}\r\n0\r\nContent-Length: 99\r\n\r\n`),
    ),
    refused("a chunk size in words", chunked("Transfer-Encoding: chunked", `seven\r\n{"n":1}\r\n0\r\n\r\n`)),
    refused("a chunk size with a sign", chunked("Transfer-Encoding: chunked", `-7\r\n{"n":1}\r\n0\r\n\r\n`)),
    refused(
      "a chunk size beyond 64 bits",
      chunked("Transfer-Encoding: chunked", `fffffffffffffffff7\r\n{"n":1}\r\n0\r\n\r\n`),
    ),
    refused(
      "a chunk that is longer than it says",
      chunked("Transfer-Encoding: chunked", `3\r\n{"n":1}\r\n0\r\n\r\n`),
    ),
    refused("chunks that end in a bare LF", chunked("Transfer-Encoding: chunked", `7\n{"n":1}\n0\n\n`)),
    refused(
      "a chunk's extension that never ends",
      chunked("Transfer-Encoding: chunked", `7;${"x".repeat(65_536)}\r\n{"n":1}\r\n0\r\n\r\n`),
      413,
    ),
    refused("HTTP/9.9", post(["Content-Length: 7"], `{"n":1}${inner}`, `POST ${path} HTTP/9.9`)),
    refused("the preface of HTTP/2", [`PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${inner}`]),
    refused("a method in small letters", post(["Content-Length: 7"], `{"n":1}`, `post ${path} HTTP/1.1`)),
    refused("a method nobody knows", post(["Content-Length: 7"], `{"n":1}`, `SMUGGLE ${path} HTTP/1.1`)),
    refused("a space in the address", post(["Content-Length: 7"], `{"n":1}`, `POST ${path} x HTTP/1.1`)),
    refused("the start of TLS", [Buffer.from("16030100c8010000c40303", "hex"), inner]),
    {
      name: "a body that holds a whole request",
      pieces: post([`Content-Length: ${inner.length + 2}`], JSON.stringify(inner).slice(0, inner.length + 2)),
      statuses: [400],
      open: true,
      runs: 0,
    },
    {
      name: "a chunked body that holds a whole request",
      pieces: [
        ...post(["Transfer-Encoding: chunked"]),
        ...((text) => [`${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`])(JSON.stringify({ inner })),
      ],
      statuses: [202],
      open: true,
      runs: 1,
    },
    {
      name: "an honest request, then no HTTP: its sender hears what became of it",
      pieces: post(["Content-Length: 7"], `{"n":1}no HTTP at all\r\n\r\n`),
      statuses: [202],
      runs: 1,
    },
    {
      name: "an honest request of HTTP/0.9, then one that cannot follow it",
      pieces: [`GET ${path}\r\n\r\n${inner}`],
      statuses: [202],
      runs: 1,
    },
    {
      name: "two honest requests in one go, answered in their order",
      pieces: [
        ...post(["Content-Length: 7"], `{"n":1}`),
        ...post(["Content-Length: 7", "Connection: close"], `{"n":2`),
        "}",
      ],
      statuses: [202, 202],
      runs: 2,
    },
  ];
}

function flood(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `X-Flood-${i}: ${i}`);
}
