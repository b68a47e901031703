// Takes secrets that we sent out of a text that the other side sent back.

const SHORTEST = 6;

/** Replaces every secret in `text`, also where it stands URL-encoded, in base64 or in hex. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  let result = text;
  for (const secret of secrets) {
    // Anything shorter would black out ordinary words.
    if (secret.length < SHORTEST) continue;
    const bytes = Buffer.from(secret);
    const forms = [
      secret,
      encodeURIComponent(secret.toWellFormed()),
      JSON.stringify(secret).slice(1, -1),
      bytes.toString("base64"),
      bytes.toString("base64url"),
      bytes.toString("hex"),
    ];
    for (const form of forms) result = result.replaceAll(form, "•••");
  }
  return result;
}
