// The page a flow is drawn on: /flows/:flowId/edit, with the chosen step in `?step=`.

import { Center, Loader } from "@mantine/core";
import { useDocumentTitle, useMediaQuery } from "@mantine/hooks";
import { useParams } from "react-router";
import { useManifests } from "../api/connectors.ts";
import { useFlow } from "../api/flows.ts";
import { LoadFailed } from "../ui/LoadFailed.tsx";
import { Editor } from "./Editor.tsx";
import { NarrowEditor } from "./NarrowEditor.tsx";

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
  if (!hasRoom) return <NarrowEditor flow={flow.data} manifests={manifests.data} />;
  return <Editor key={flow.data.id} flow={flow.data} manifests={manifests.data} />;
}
