// A flow on a screen without room to draw: its graph to look at, and how it catches, which is no part of the draft.

import { Anchor, Modal } from "@mantine/core";
import { IconArrowLeft, IconChevronRight, IconDeviceDesktop } from "@tabler/icons-react";
import { Link, useSearchParams } from "react-router";
import { type Step, stepOf, TRIGGER_ID } from "../../shared/graph.ts";
import type { Manifests } from "../../shared/manifest.ts";
import { useCatching, useSenders } from "../api/catching.ts";
import type { FlowView } from "../api/flows.ts";
import { ConnectorIcon } from "../ui/ConnectorIcon.tsx";
import { Canvas } from "./Canvas.tsx";
import { Catching } from "./catching/Catching.tsx";
import { who } from "./catching/who.ts";
import classes from "./NarrowEditor.module.css";
import { CatchAddress } from "./panel/CatchAddress.tsx";
import panel from "./panel/Panel.module.css";

interface Shown {
  flow: FlowView;
  manifests: Manifests;
}

export function NarrowEditor({ flow, manifests }: Shown) {
  const [params, setParams] = useSearchParams();
  const step = stepOf(flow.draft, TRIGGER_ID);
  const catches = step && manifests.triggers.get(step.uses)?.starts === "catch" ? step : undefined;
  const open = () => setParams({ step: TRIGGER_ID });
  return (
    <main className={classes.editor}>
      <header className={classes.head}>
        <Anchor
          component={Link}
          to={`/flows/${flow.id}`}
          aria-label="Back to the flow"
          className={classes.back}
        >
          <IconArrowLeft size={18} aria-hidden="true" />
        </Anchor>
        <h1 className={classes.name}>{flow.name}</h1>
      </header>
      <p className={classes.hint}>
        <IconDeviceDesktop size={18} aria-hidden="true" />
        Drawing needs a larger screen: open this flow on a tablet or a computer.
      </p>
      {catches && <Catches flow={flow} step={catches} manifests={manifests} onOpen={open} />}
      <div className={classes.canvas}>
        <Canvas
          graph={flow.draft}
          manifests={manifests}
          label={`Graph of ${flow.name}`}
          {...(catches && {
            selectable: { only: TRIGGER_ID, hint: "Press Enter to see how it catches." },
            onSelect: open,
          })}
        />
      </div>
      <Modal
        fullScreen
        opened={catches !== undefined && params.get("step") === TRIGGER_ID}
        onClose={() => setParams({}, { replace: true })}
        title={step?.name}
        classNames={{ header: classes.sheetHead ?? "", body: classes.sheetBody ?? "" }}
      >
        <div className={panel.body}>
          <CatchAddress flow={flow} />
          <Catching flowId={flow.id} />
        </div>
      </Modal>
    </main>
  );
}

/** The way to the settings of the catch URL, with who may call it. */
function Catches({ flow, step, manifests, onOpen }: Shown & { step: Step; onOpen: () => void }) {
  const { data: view } = useCatching(flow.id);
  const { data: senders } = useSenders();
  return (
    <button type="button" className={classes.catches} onClick={onOpen}>
      <ConnectorIcon uses={step.uses} manifests={manifests} size={32} />
      <span className={classes.said}>
        <span className={classes.title}>How it catches</span>{" "}
        <span className={classes.words}>
          {view && senders ? who.words(view, senders) : "Who may call it, and what runs."}
        </span>
      </span>
      <IconChevronRight size={18} aria-hidden="true" className={classes.chevron} />
    </button>
  );
}
