// A ready-made call of a catch URL, for a terminal.

export function curlFor(url: string): string {
  const body = JSON.stringify({ order: 1001, total: "49.90", customer: { email: "ann@example.com" } });
  return [
    `curl -X POST ${quoted(url)} \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${quoted(body)}`,
  ].join("\n");
}

/** One word for a POSIX shell, whatever is in it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
