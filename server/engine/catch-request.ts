// A request to a catch URL as the engine sees it.

export interface CatchRequest {
  key: string;
  method: string;
  /** The catch URL with its query, as senders know it: by PUBLIC_URL, whatever the request said its host was. */
  url: string;
  query: Record<string, string | string[]>;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** Names that came more than once. */
  repeated: ReadonlySet<string>;
  contentType: string;
  raw: Uint8Array;
  /** The address that it came from. */
  from: string;
}
