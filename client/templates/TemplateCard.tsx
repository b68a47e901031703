// One template of the gallery.

import { Button } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { Fragment } from "react";
import type { FlowTemplate } from "../../shared/flow-templates/kit.ts";
import { connectorOf, type Manifests } from "../../shared/manifest.ts";
import { ConnectorIcon } from "../ui/ConnectorIcon.tsx";
import { stepsInOrder } from "./steps-in-order.ts";
import classes from "./TemplatesPage.module.css";

const ICONS_SHOWN = 6;

export function TemplateCard(props: {
  template: FlowTemplate;
  manifests: Manifests;
  onLook: () => void;
  onUse: () => void;
  busy: boolean;
}) {
  const { template, manifests, busy } = props;
  const { name, description } = template;
  // The flow's own steps look alike; those that talk to somebody say what it is about.
  const steps = stepsInOrder(template.graph).filter(({ uses }) => connectorOf(uses) !== "logic");
  return (
    <li className={classes.card}>
      <div className={classes.chain} aria-hidden="true">
        {steps.slice(0, ICONS_SHOWN).map((step, index) => (
          <Fragment key={step.id}>
            {index > 0 && <IconChevronRight size={13} className={classes.arrow} />}
            <ConnectorIcon uses={step.uses} manifests={manifests} size={30} />
          </Fragment>
        ))}
      </div>
      <h2 className={classes.name}>{name}</h2>
      <p className={classes.text}>{description}</p>
      <div className={classes.buttons}>
        <Button size="xs" loading={busy} onClick={props.onUse} aria-label={`Use this: ${name}`}>
          Use this
        </Button>
        <Button size="xs" variant="subtle" onClick={props.onLook} aria-label={`Look at: ${name}`}>
          Look
        </Button>
      </div>
    </li>
  );
}
