// Figures as aligned text.

/** The first column to the left, the others to the right, two spaces between. */
export function table(rows: string[][]): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** “1,234”, “3.4”, “–” for what is not there. */
export function figure(value: number | null | undefined, unit = ""): string {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  const text = value.toLocaleString("en", { maximumFractionDigits: size >= 100 ? 0 : size >= 1 ? 1 : 2 });
  return unit === "" ? text : `${text} ${unit}`;
}
