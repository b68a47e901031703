// What the search for a mistake can come to.

/** What is wrong, and what to do next. Neither ever holds a secret or a signature. */
export interface Finding {
  sentence: string;
  hint: string;
}
