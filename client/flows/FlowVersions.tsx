// The versions of a flow, newest first: look at one, compare it with another, or take it back as the draft.

import { Button, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconArrowBackUp, IconArrowsDiff, IconEye, IconVersions } from "@tabler/icons-react";
import { useState } from "react";
import type { Manifests } from "../../shared/manifest.ts";
import { type FlowView, useRestoreVersion, useVersion, useVersions, type VersionRow } from "../api/flows.ts";
import { Canvas } from "../editor/Canvas.tsx";
import { Ago } from "../ui/Ago.tsx";
import { askFirst } from "../ui/ask.tsx";
import { Card } from "../ui/Card.tsx";
import { Empty } from "../ui/Empty.tsx";
import { LoadFailed } from "../ui/LoadFailed.tsx";
import { PageSkeleton, RowsSkeleton } from "../ui/Skeletons.tsx";
import { Badge } from "../ui/StatusBadge.tsx";
import classes from "./FlowVersions.module.css";
import { type Side, VersionDifference } from "./VersionDifference.tsx";

export function FlowVersions({ flow, manifests }: { flow: FlowView; manifests: Manifests }) {
  const versions = useVersions(flow.id);
  const restore = useRestoreVersion(flow.id);
  const [shown, setShown] = useState<number | null>(null);
  const [compared, setCompared] = useState<[Side, Side] | null>(null);

  function takeBack(version: VersionRow): void {
    askFirst({
      title: `Take back version ${version.number}?`,
      text: "Its steps become the draft; the draft you have now is replaced. What is live stays as it is until you publish.",
      yes: `Take back version ${version.number}`,
      go: () =>
        restore.mutate(
          { number: version.number, revision: flow.revision },
          {
            onSuccess: () =>
              notifications.show({
                color: "teal",
                title: `Version ${version.number} is the draft now.`,
                message: "Publish it to make it live.",
              }),
          },
        ),
    });
  }

  if (versions.error && !versions.data) {
    return <LoadFailed error={versions.error} again={() => void versions.refetch()} />;
  }
  return (
    <Card
      flush
      title="Versions"
      aside={
        flow.changed &&
        flow.liveNumber !== null && (
          <Button
            variant="light"
            size="compact-sm"
            leftSection={<IconArrowsDiff size={15} aria-hidden="true" />}
            onClick={() => setCompared([flow.liveNumber ?? "draft", "draft"])}
          >
            Draft and version {flow.liveNumber}: what changed
          </Button>
        )
      }
    >
      {!versions.data ? (
        <RowsSkeleton rows={3} />
      ) : versions.data.length === 0 ? (
        <Empty
          icon={<IconVersions size={24} />}
          title="No version yet"
          text="Each time you publish, the draft is frozen as a version. You find them all here and can go back to any of them."
        />
      ) : (
        <ol className={classes.list} aria-label="Versions">
          {versions.data.map((version, index) => (
            <li key={version.id} className={classes.version}>
              <span className={classes.number}>{version.number}</span>
              <div className={classes.about}>
                <p className={classes.note}>{version.note || `Version ${version.number}`}</p>
                <p className={classes.when}>
                  Published <Ago at={version.createdAt} />
                </p>
              </div>
              {version.live && (
                <Badge
                  label={flow.status === "paused" ? "Paused" : "Live"}
                  tone={flow.status === "paused" ? "amber" : "green"}
                />
              )}
              <div className={classes.buttons}>
                <Button
                  variant="subtle"
                  size="compact-sm"
                  leftSection={<IconEye size={15} aria-hidden="true" />}
                  aria-label={`Look at version ${version.number}`}
                  onClick={() => setShown(version.number)}
                >
                  Look
                </Button>
                <Button
                  variant="subtle"
                  size="compact-sm"
                  leftSection={<IconArrowsDiff size={15} aria-hidden="true" />}
                  aria-label={`Compare version ${version.number}`}
                  onClick={() =>
                    // With the one before it; the first one with what became of it.
                    setCompared(
                      index + 1 < versions.data.length
                        ? [versions.data[index + 1]?.number ?? "draft", version.number]
                        : [version.number, "draft"],
                    )
                  }
                >
                  Compare
                </Button>
                <Button
                  variant="subtle"
                  size="compact-sm"
                  leftSection={<IconArrowBackUp size={15} aria-hidden="true" />}
                  aria-label={`Restore version ${version.number}`}
                  onClick={() => takeBack(version)}
                >
                  Restore
                </Button>
              </div>
            </li>
          ))}
        </ol>
      )}
      <Modal
        opened={shown !== null}
        onClose={() => setShown(null)}
        size="xl"
        title={`Version ${shown ?? ""}`}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <VersionGraph flowId={flow.id} number={shown} manifests={manifests} />
      </Modal>
      <VersionDifference
        flow={flow}
        versions={versions.data ?? []}
        manifests={manifests}
        shown={compared}
        onClose={() => setCompared(null)}
        onRestore={takeBack}
      />
    </Card>
  );
}

function VersionGraph(props: { flowId: string; number: number | null; manifests: Manifests }) {
  const version = useVersion(props.flowId, props.number);
  if (version.error) return <LoadFailed error={version.error} again={() => void version.refetch()} />;
  if (!version.data) return <PageSkeleton />;
  return (
    <div className={classes.graph}>
      <Canvas
        graph={version.data.graph}
        manifests={props.manifests}
        label={`Graph of version ${version.data.number}`}
      />
    </div>
  );
}
