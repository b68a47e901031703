// First on a delivery's page: what became of it in a sentence, and the next move.

import { Button } from "@mantine/core";
import {
  IconArrowRight,
  IconCircleCheck,
  IconCopy,
  IconFilter,
  IconHeartHandshake,
  IconMoon,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Verdict } from "../../shared/delivery.ts";
import type { DeliveryView } from "../api/deliveries.ts";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import { runLook, type Tone } from "../ui/status.ts";
import classes from "./DeliveryPage.module.css";
import { toldOf, whyNotRunnable } from "./delivery-words.ts";
import { verdictLook } from "./verdict-look.ts";

const look = { size: 17, stroke: 1.9, "aria-hidden": true } as const;
const ICONS: Partial<Record<Verdict, ReactNode>> = {
  accepted: <IconCircleCheck {...look} />,
  duplicate: <IconCopy {...look} />,
  handshake: <IconHeartHandshake {...look} />,
  asleep: <IconMoon {...look} />,
  filtered: <IconFilter {...look} />,
};

export function DeliveryNews({ delivery }: { delivery: DeliveryView }) {
  const { verdict, flowId, runId } = delivery;
  const { sentence, hint } = toldOf(delivery);
  const inTheWay = whyNotRunnable(delivery);
  return (
    <ProblemNote tone={toneOf(delivery)} icon={ICONS[verdict]} sentence={sentence} hint={hint}>
      {inTheWay && <p className={classes.remark}>It cannot be run from here. {inTheWay}</p>}
      <div className={classes.moves}>
        {runId !== null && (
          <Button
            component={Link}
            to={`/runs/${runId}`}
            variant="default"
            size="compact-sm"
            rightSection={<IconArrowRight size={14} aria-hidden="true" />}
          >
            {verdict === "accepted" ? "See the run" : "See the run of the first one"}
          </Button>
        )}
        {(verdict === "refused" || verdict === "filtered" || verdict === "duplicate") && (
          <Button
            component={Link}
            to={`/flows/${flowId}/edit?step=trigger`}
            variant="default"
            size="compact-sm"
          >
            Settings of the catch URL
          </Button>
        )}
        {verdict === "asleep" && (
          <Button component={Link} to={`/flows/${flowId}`} variant="default" size="compact-sm">
            Open the flow
          </Button>
        )}
      </div>
    </ProblemNote>
  );
}

/** A run that failed or asks is no good news. */
function toneOf({ verdict, runStatus }: DeliveryView): Tone {
  const look = runStatus === "failed" || runStatus === "asking" ? runLook[runStatus] : verdictLook[verdict];
  return look.tone;
}
