// An event as one short line of text, for the list of runs.

const SUMMARY_LENGTH = 160;

/** No more than this of a body is looked at. */
export const SUMMARY_BYTES = SUMMARY_LENGTH * 4;

/** The start of the body; a request without one (`bodyless` is its event as JSON) is summed up by what it asked for. */
export function summaryOf(start: Uint8Array | null, bodyless: string | null): string {
  let text = start === null ? "" : Buffer.from(start.subarray(0, SUMMARY_BYTES)).toString();
  if (bodyless !== null) {
    const { request }: { request?: { method: string; query: Record<string, string | string[]> } } =
      JSON.parse(bodyless);
    const query = JSON.stringify(request?.query ?? {});
    text = `${request?.method ?? ""}${query === "{}" ? "" : ` ${query}`}`;
  }
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > SUMMARY_LENGTH ? `${line.slice(0, SUMMARY_LENGTH).toWellFormed()}…` : line;
}
