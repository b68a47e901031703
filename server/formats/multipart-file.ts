// A file of a form, as the steps of a flow see it.

import { createHash } from "node:crypto";
import { isPlainText } from "./charset.ts";

export interface FileField {
  /** Without folders; empty when the sender named none. */
  filename: string;
  /** What the sender says it is. */
  contentType: string;
  bytes: number;
  sha256: string;
  base64: string;
  /** When it is text in UTF-8. */
  text: string | null;
}

export function fileField(filename: string, contentType: string, content: Buffer): FileField {
  return {
    filename,
    contentType,
    bytes: content.byteLength,
    sha256: createHash("sha256").update(content).digest("hex"),
    base64: content.toString("base64"),
    text: textOf(content),
  };
}

/** The last segment of what was sent as a name, without control characters. What would be a folder has no name. */
export function fileNameOf(sent: string): string {
  const last = sent.slice(Math.max(sent.lastIndexOf("/"), sent.lastIndexOf("\\")) + 1);
  const name = [...last]
    .filter((c) => c >= " " && c !== "\u007f")
    .join("")
    .trim()
    .toWellFormed();
  return name === "." || name === ".." ? "" : name;
}

function textOf(content: Buffer): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(content);
    return isPlainText(text) ? text : null;
  } catch {
    return null;
  }
}
