// One flow in the list; the whole row leads to its page.

import { ActionIcon } from "@mantine/core";
import { IconChevronRight, IconDots } from "@tabler/icons-react";
import { Fragment } from "react";
import { Link } from "react-router";
import type { Manifests } from "../../shared/manifest.ts";
import type { FlowRow } from "../api/flows.ts";
import { Ago } from "../ui/Ago.tsx";
import { ConnectorIcon } from "../ui/ConnectorIcon.tsx";
import { Badge, FlowBadge, RunBadge } from "../ui/StatusBadge.tsx";
import { countText } from "../ui/time.ts";
import { FlowMenu } from "./FlowMenu.tsx";
import classes from "./FlowsPage.module.css";

const ICONS_SHOWN = 5;

export function FlowItem({ flow, manifests }: { flow: FlowRow; manifests: Manifests | undefined }) {
  const runs = Object.values(flow.runs).reduce((sum, count) => sum + count, 0);
  const failed = flow.runs.failed ?? 0;
  return (
    <li className={classes.item}>
      <div className={classes.main}>
        <Link to={`/flows/${flow.id}`} className={classes.link}>
          {flow.name}
        </Link>
        <div className={classes.chain}>
          {flow.uses.slice(0, ICONS_SHOWN).map((uses, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a chain of names, some of them alike
            <Fragment key={index}>
              {index > 0 && <IconChevronRight size={12} className={classes.arrow} aria-hidden="true" />}
              <ConnectorIcon uses={uses} manifests={manifests} size={22} />
            </Fragment>
          ))}
          <span className={classes.steps}>
            {flow.uses.length > ICONS_SHOWN && `+${flow.uses.length - ICONS_SHOWN} · `}
            {flow.steps === 0 ? "no steps yet" : flow.steps === 1 ? "1 step" : `${flow.steps} steps`}
            {flow.changed && flow.liveNumber !== null && " · unpublished changes"}
          </span>
        </div>
      </div>
      <div className={classes.badge}>
        <FlowBadge status={flow.status} />
      </div>
      <div className={classes.last}>
        {flow.lastRun ? (
          <>
            <RunBadge status={flow.lastRun.status} />
            <span>
              Last run <Ago at={flow.lastRun.createdAt} />
            </span>
          </>
        ) : (
          <Badge label="Never ran" tone="grey" />
        )}
      </div>
      <div className={`${classes.counts} tabular`}>
        {runs > 0 && (
          <span>
            <span className={classes.count}>{countText(runs)}</span> {runs === 1 ? "run" : "runs"}
          </span>
        )}
        {failed > 0 && <span className={classes.failed}>{countText(failed)} failed</span>}
      </div>
      <div className={classes.menu}>
        <FlowMenu flow={flow}>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Actions for ${flow.name}`}>
            <IconDots size={18} color="var(--mantine-color-dimmed)" />
          </ActionIcon>
        </FlowMenu>
      </div>
    </li>
  );
}
