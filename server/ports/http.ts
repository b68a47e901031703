// The one outbound door: every request of every connector goes through it.

export interface HttpRequest {
  method: string;
  /** Absolute, http or https. */
  url: string;
  headers?: Record<string, string>;
  /** Sent as is. Text, bytes or a form; set the content type in `headers` (a FormData sets its own). */
  body?: string | Uint8Array | FormData;
  /** The whole exchange, redirects included; default 30 000, at most 120 000. */
  timeoutMs?: number;
  /** Bytes of the answer after decompression; default 10 MiB. */
  maxBytes?: number;
  /** How many redirects to follow (each is checked like a first address); default 5, 0 gives the 3xx back. */
  redirects?: number;
  signal?: AbortSignal;
}

export interface HttpResponse {
  status: number;
  /** Lower-case names; repeated headers joined with ", " (set-cookie with "\n"). */
  headers: Record<string, string>;
  /** After decompression. */
  body: Uint8Array;
  /** Where the answer came from, after redirects. */
  url: string;
}

export interface Http {
  /**
   * Sends it. Gives every answer below 400.
   * Throws `TryLater` on 408, 425, 429, 5xx (with Retry-After when named), on network errors and on time-outs;
   * `Refused` on any other 4xx, on an address that is not allowed, on a bad URL, and on an answer over a limit.
   * The thrown problem's hint carries the start of the answer's body, so that a person sees what the other side said.
   * What is thrown because of an answer's status has it as `cause.status`.
   */
  send(request: HttpRequest): Promise<HttpResponse>;
}
