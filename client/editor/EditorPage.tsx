// The page a flow is drawn on: /flows/:flowId/edit, with the chosen step in `?step=`.

import { Anchor, Center, Loader } from "@mantine/core";
import { useDocumentTitle, useMediaQuery } from "@mantine/hooks";
import { IconArrowLeft, IconDeviceDesktop } from "@tabler/icons-react";
import { Link, useParams } from "react-router";
import type { Manifests } from "../../shared/manifest.ts";
import { useManifests } from "../api/connectors.ts";
import { type FlowView, useFlow } from "../api/flows.ts";
import { LoadFailed } from "../ui/LoadFailed.tsx";
import { Canvas } from "./Canvas.tsx";
import classes from "./Editor.module.css";
import { Editor } from "./Editor.tsx";

/** Below this there is no room to draw. */
const ROOM_TO_DRAW = "(min-width: 48em)";

export function EditorPage() {
  const { flowId = "" } = useParams();
  const flow = useFlow(flowId);
  const manifests = useManifests();
  const hasRoom = useMediaQuery(ROOM_TO_DRAW, true, { getInitialValueInEffect: false });
  useDocumentTitle(`${flow.data ? `${flow.data.name} · Edit` : "Edit"} · Flowcatch`);

  const error = flow.error ?? manifests.error;
  if (error && (!flow.data || !manifests.data)) {
    return (
      <Center mih="100dvh">
        <LoadFailed
          error={error}
          again={() => {
            void flow.refetch();
            void manifests.refetch();
          }}
        />
      </Center>
    );
  }
  if (!flow.data || !manifests.data) {
    return (
      <Center mih="100dvh" role="status" aria-label="Loading">
        <Loader />
      </Center>
    );
  }
  if (!hasRoom) return <TooSmall flow={flow.data} manifests={manifests.data} />;
  return <Editor key={flow.data.id} flow={flow.data} manifests={manifests.data} />;
}

function TooSmall({ flow, manifests }: { flow: FlowView; manifests: Manifests }) {
  return (
    <main className={classes.small}>
      <header className={classes.smallHead}>
        <Anchor
          component={Link}
          to={`/flows/${flow.id}`}
          aria-label="Back to the flow"
          className={classes.smallBack}
        >
          <IconArrowLeft size={18} aria-hidden="true" />
        </Anchor>
        <h1 className={classes.smallName}>{flow.name}</h1>
      </header>
      <p className={classes.smallHint}>
        <IconDeviceDesktop size={18} aria-hidden="true" />
        Drawing needs a larger screen: open this flow on a tablet or a computer.
      </p>
      <div className={classes.smallCanvas}>
        <Canvas graph={flow.draft} manifests={manifests} label={`Graph of ${flow.name}`} />
      </div>
    </main>
  );
}
