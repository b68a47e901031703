// A template looked at: its story, its graph, what has to be filled in, and the event to try it with.

import { Button, Group, Modal } from "@mantine/core";
import type { FlowTemplate } from "../../shared/flow-templates/kit.ts";
import type { Manifests } from "../../shared/manifest.ts";
import { findSampleEvent, sampleEventData } from "../../shared/sample-events.ts";
import { Canvas } from "../editor/Canvas.tsx";
import { ConnectorIcon } from "../ui/ConnectorIcon.tsx";
import { Data } from "../ui/Data.tsx";
import { stepsInOrder } from "./steps-in-order.ts";
import classes from "./TemplatesPage.module.css";

export default function TemplateDialog(props: {
  template: FlowTemplate;
  manifests: Manifests;
  onClose: () => void;
  onUse: () => void;
  busy: boolean;
}) {
  const { template, manifests } = props;
  const { name, story, graph } = template;
  const event = findSampleEvent(template.sampleEventId);
  const steps = stepsInOrder(graph);
  const connectors = manifests.connectors.filter(({ actions }) =>
    actions.some((a) => a.connection === "required" && steps.some(({ uses }) => uses === a.uses)),
  );
  const noted = steps.filter(({ note }) => note !== undefined);
  return (
    <Modal
      opened
      onClose={props.onClose}
      size={880}
      title={name}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <p className={classes.story}>{story}</p>
      <div className={classes.canvas}>
        <Canvas graph={graph} manifests={manifests} label={`Graph of ${name}`} />
      </div>
      <div className={classes.columns}>
        <section>
          <h3 className={classes.title}>To fill in</h3>
          <ul className={classes.todo}>
            {connectors.map((connector) => (
              <li key={connector.id} className={classes.item}>
                <ConnectorIcon uses={connector.id} manifests={manifests} size={22} />
                <span>A connection for {connector.name}</span>
              </li>
            ))}
            {noted.map((step) => (
              <li key={step.id} className={classes.item}>
                <ConnectorIcon uses={step.uses} manifests={manifests} size={22} />
                <span>
                  <b>{step.name}:</b> {step.note}
                </span>
              </li>
            ))}
          </ul>
        </section>
        {event && (
          <section>
            <h3 className={classes.title}>Its sample event</h3>
            <p className={classes.from}>
              {event.from}: {event.name}
            </p>
            <Data value={sampleEventData(event, 0).body} what="Sample event" />
          </section>
        )}
      </div>
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={props.onClose}>
          Close
        </Button>
        <Button loading={props.busy} onClick={props.onUse}>
          Use this template
        </Button>
      </Group>
    </Modal>
  );
}
