// How signatures stand in their header, read and written: `sha256=…`, `t=…,v1=…`, `v1,… v1,…`.

import type { SignatureScheme } from "../../shared/verification.ts";

type Layout = SignatureScheme["layout"];

/** Every signature of the kind that counts. */
export function signaturesIn(layout: Layout, text: string): string[] {
  switch (layout.kind) {
    case "plain":
      return [text];
    case "prefix":
      return text.startsWith(layout.prefix) ? [text.slice(layout.prefix.length)] : [];
    case "pairs":
      return pairsOf(text, layout.separator, layout.name);
    case "list": {
      const start = `${layout.version},`;
      return text.split(" ").flatMap((one) => (one.startsWith(start) ? [one.slice(start.length)] : []));
    }
  }
}

/** The values of that name in `t=…,v1=…`. */
export function pairsOf(text: string, separator: string, name: string): string[] {
  const start = `${name}=`;
  return text.split(separator).flatMap((pair) => {
    const trimmed = pair.trim();
    return trimmed.startsWith(start) ? [trimmed.slice(start.length)] : [];
  });
}

/** `others` are parts that stand beside the signature, such as the time. */
export function layOut(layout: Layout, signature: string, others: [name: string, value: string][]): string {
  switch (layout.kind) {
    case "plain":
      return signature;
    case "prefix":
      return `${layout.prefix}${signature}`;
    case "pairs":
      return [...others, [layout.name, signature]]
        .map(([name, value]) => `${name}=${value}`)
        .join(layout.separator);
    case "list":
      return `${layout.version},${signature}`;
  }
}
