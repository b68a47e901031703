// Mistakes with the address, for senders that sign it: http or https, another host, a slash, the query.

import { readHeader } from "./caught-request.ts";
import type { Finding } from "./explain-finding.ts";
import type { Trial } from "./explain-trial.ts";

/** An address that would fit. Sentences name its start alone: what comes after is the key of the flow. */
export function findInAddress(trial: Trial, name: string): Finding | null {
  const { signed } = trial.scheme;
  if (!signed.includes("url") && !signed.includes("url-unescaped")) return null;
  const parts = /^(https?):\/\/([^/?#]+)([^?#]*)(\?.*)?$/.exec(trial.request.url);
  if (!parts) return null;
  const [, scheme = "", host = "", path = "", query = ""] = parts;
  const paths = [path, path.endsWith("/") ? path.slice(0, -1) : `${path}/`];
  for (const otherScheme of [scheme, scheme === "http" ? "https" : "http"]) {
    for (const otherHost of [host, ...hostsOf(trial).filter((each) => each !== host)]) {
      for (const otherPath of paths) {
        for (const otherQuery of query === "" ? [""] : [query, ""]) {
          const url = `${otherScheme}://${otherHost}${otherPath}${otherQuery}`;
          if (url === trial.request.url || !trial.fits({ request: { url } })) continue;
          const isElsewhere = otherScheme !== scheme || otherHost !== host;
          return isElsewhere
            ? {
                sentence: `${capital(name)} signed the address ${otherScheme}://${otherHost}…, but this server takes itself for ${scheme}://${host}….`,
                hint: "Set PUBLIC_URL to the address at which senders reach this server, and enter the catch URL at the sender as the flow shows it.",
              }
            : {
                sentence: `${capital(name)} signed the address ${otherPath === path ? "without its query" : otherPath.length > path.length ? "with a slash at its end" : "without the slash at its end"}, and it was called otherwise.`,
                hint: "Enter the catch URL at the sender exactly as the flow shows it, and see that no proxy changes it.",
              };
        }
      }
    }
  }
  return null;
}

/** What a proxy says that was called. Believed only where the signature fits it, and only for the sentence. */
function hostsOf({ request }: Trial): string[] {
  const found = ["host", "x-forwarded-host", "x-original-host"].flatMap((name) => {
    const read = readHeader(request, name);
    return read.kind === "value" && /^[a-z0-9.-]{1,253}(:\d{1,5})?$/i.test(read.text) ? [read.text] : [];
  });
  return [...new Set(found)];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
