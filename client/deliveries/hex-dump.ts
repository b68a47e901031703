// Bytes that are no text, to look at: offset, eight bytes, and what of them can be read.

/** Four letters of base64 are three bytes: this is their first 3 kB. */
const SHOWN_LETTERS = 4_096;
/** Few enough for a phone. */
const WIDTH = 8;

export function hexDump(base64: string): string {
  const bytes = atob(base64.slice(0, SHOWN_LETTERS));
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += WIDTH) {
    const row = [...bytes.slice(at, at + WIDTH)];
    const numbers = row.map((byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join(" ");
    const letters = row.map((byte) => (/[\x20-\x7e]/.test(byte) ? byte : ".")).join("");
    lines.push(`${at.toString(16).padStart(3, "0")} ${numbers.padEnd(WIDTH * 3 - 1)} ${letters}`);
  }
  return base64.length > SHOWN_LETTERS ? `${lines.join("\n")}\n…` : lines.join("\n");
}
