// Takes what looks like a key or a password out of a step's input before it leaves in a file. Templates stay.

/** Names of headers, query values and form fields that carry credentials, whoever wrote them. */
const CREDENTIAL =
  /^(proxy-)?authorization$|^(set-)?cookie$|api[-_ ]?key|access[-_ ]?key|token|secret|passw|signature/i;

/** "Bearer {{trigger.body.token}}" has nothing in it that is worth keeping back. */
const HARMLESS = /^((bearer|basic|token|digest)\s*)?$/i;

export interface Cleaned {
  input: Record<string, unknown>;
  /** What was left out, as “the address” or “Authorization”. */
  found: string[];
}

export function withoutSecrets(input: Record<string, unknown>): Cleaned {
  const found = new Set<string>();
  const clean = (value: unknown): unknown => {
    if (typeof value === "string") return cleanAddress(cleanSigning(value, found), found);
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value !== "object" || value === null) return value;
    const row = namedRow(value);
    if (row && CREDENTIAL.test(row.name.trim()) && isLiteral(row.value)) {
      found.add(`“${row.name.trim().slice(0, 60)}”`);
      return { ...value, value: "" };
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        if (!CREDENTIAL.test(key) || !isLiteral(inner)) return [key, clean(inner)];
        found.add(`“${key.slice(0, 60)}”`);
        return [key, ""];
      }),
    );
  };
  const cleaned = Object.entries(input).map(([key, value]) => {
    if (!CREDENTIAL.test(key) || !isLiteral(value)) return [key, clean(value)] as const;
    found.add(`“${key.slice(0, 60)}”`);
    return [key, ""] as const;
  });
  return { input: Object.fromEntries(cleaned), found: [...found] };
}

/** A row of headers, query or form: { name, value }. */
function namedRow(value: object): { name: string; value: unknown } | undefined {
  if (!("name" in value) || !("value" in value) || typeof value.name !== "string") return undefined;
  return { name: value.name, value: value.value };
}

/** Text of its own beside the templates; switches and numbers such as a size limit keep nothing secret. */
function isLiteral(value: unknown): boolean {
  return typeof value === "string" && !HARMLESS.test(value.replace(/\{\{[\s\S]*?\}\}/g, "").trim());
}

/** `{{trigger.body | hmac_sha256: "the secret"}}` → `{{trigger.body | hmac_sha256: ""}}` */
function cleanSigning(text: string, found: Set<string>): string {
  return text.replace(/(\|\s*hmac_\w+\s*:\s*)("(?:[^"\\]|\\.)+"|'(?:[^'\\]|\\.)+')/g, (_, filter: string) => {
    found.add("the secret of a signature");
    return `${filter}""`;
  });
}

/** `https://user:password@host/?api_key=…` → `https://host/?api_key=` */
function cleanAddress(text: string, found: Set<string>): string {
  if (!/^\s*https?:\/\//i.test(text)) return text;
  let result = text.replace(/^(\s*https?:\/\/)[^/?#\s@]*@/i, (whole, scheme: string) => {
    if (!isLiteral(whole.slice(scheme.length, -1))) return whole;
    found.add("the sign-in within the address");
    return scheme;
  });
  result = result.replace(
    /([?&])([^=&#\s{}]+)=([^&#\s]*)/g,
    (whole, mark: string, name: string, value: string) => {
      if (!CREDENTIAL.test(name) || !isLiteral(value)) return whole;
      found.add(`“${name.slice(0, 60)}” within the address`);
      return `${mark}${name}=`;
    },
  );
  // Whoever knows such an address can post there.
  if (/^\s*https?:\/\/(hooks\.slack\.com\/services|discord(app)?\.com\/api\/webhooks)\//i.test(result)) {
    found.add("a secret address");
    return "";
  }
  return result;
}
