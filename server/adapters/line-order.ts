// Who is called when somebody leaves a line, the same in every store.

/**
 * `first` are the first `atOnce + 1` before the run left. Gives who becomes one of the first `atOnce`; null when the
 * line is shorter, or the run was none of them.
 */
export function whoMovesUp(first: string[], runId: string, atOnce: number): string | null {
  const stood = first.indexOf(runId);
  return stood >= 0 && stood < atOnce ? (first[atOnce] ?? null) : null;
}
