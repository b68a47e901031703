// What the tables of problem codes are made of.

/** What a code means and what to do about it, for somebody who does not program. */
export interface CodeEntry {
  /** The HTTP statuses that it is answered with; absent when it is only met in a run, in a graph or on the screen. */
  status?: string;
  /** What has happened, in a plain sentence or two. */
  what: string;
  /** The next move. */
  next: string;
}

export interface CodeGroup {
  title: string;
  /** Where these codes are met. */
  intro: string;
  codes: Readonly<Record<string, CodeEntry>>;
}
