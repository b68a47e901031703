// The offer to verify a sender that the newest requests seem to come from.

import { Button } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import type { CatchingView } from "../../api/catching.ts";
import classes from "./Catching.module.css";

type Found = NonNullable<CatchingView["looksLike"]>;

export function Detective({ found, onAccept }: { found: Found; onAccept: (found: Found) => void }) {
  const { name, because, deliveries } = found;
  return (
    <div className={classes.found} role="status">
      <IconFingerprint size={18} aria-hidden="true" className={classes.foundIcon} />
      <div className={classes.foundWords}>
        <p className={classes.foundTitle}>
          {deliveries === 1
            ? `The last request looks like ${name}. Verify it?`
            : `${deliveries} of the newest requests look like ${name}. Verify them?`}
        </p>
        <p className={classes.foundWhy}>{because}</p>
        <Button size="compact-xs" mt={6} onClick={() => onAccept(found)}>
          Verify {name}
        </Button>
      </div>
    </div>
  );
}
