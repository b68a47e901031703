// What the errors of a Redis mean, in sentences.

/** An error to be shown for what went wrong at the Redis at `where`. */
export function redisProblem(cause: unknown, where: string): Error {
  return new Error(sentence(messageOf(cause), where), { cause });
}

function sentence(message: string, where: string): string {
  if (/\bOOM\b/.test(message))
    return `The Redis at ${where} is full. Give it a greater “maxmemory”, or remove what else it keeps.`;
  if (/NOAUTH|WRONGPASS/.test(message))
    return `The Redis at ${where} does not accept the user or the password in its URL.`;
  if (/NOPERM/.test(message))
    return `The user of the Redis at ${where} may not do what is needed: ${message}`;
  if (/READONLY/.test(message)) return `The Redis at ${where} is a replica, which cannot be written.`;
  if (/timed? ?out/i.test(message)) return `The Redis at ${where} does not answer.`;
  if (/writeable|closed|max retries|^$/i.test(message))
    return `The Redis at ${where} cannot be reached. Is it running?`;
  if (/ECONN|ENOTFOUND|EAI_AGAIN|EHOST|ENET|EPIPE|LOADING/.test(message))
    return `The Redis at ${where} cannot be reached (${message}). Is it running?`;
  return `The Redis at ${where} refused: ${message}`;
}

function messageOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(messageOf).join("; ");
  return cause instanceof Error ? cause.message : cause === undefined ? "" : String(cause);
}
