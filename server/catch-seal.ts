// Seals and opens the secrets that a catch URL verifies by; what is sealed opens only for the flow it was sealed for.

import type { Flow } from "../shared/flow.ts";
import { CatchSecrets } from "../shared/verification.ts";
import type { StoredCatching } from "./ports/store.ts";
import type { Vault } from "./vault.ts";

type Whose = Pick<Flow, "workspaceId" | "id">;

/** The text to store as `sealed`; null for no secrets. */
export function sealSecrets(vault: Vault, flow: Whose, secrets: string[]): string | null {
  return secrets.length === 0 ? null : vault.seal({ secrets } satisfies CatchSecrets, about(flow));
}

/** As they were sealed. Throws when the key is another one, or the text was changed or moved. */
export function openSecrets(vault: Vault, flow: Whose, { sealed }: Pick<StoredCatching, "sealed">): string[] {
  return sealed === null ? [] : CatchSecrets.parse(vault.open(sealed, about(flow))).secrets;
}

function about({ workspaceId, id }: Whose): string {
  return `${workspaceId}|${id}|catching`;
}
