// The list of flows: what each does, whether it is live, and how it has been going.

import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useManifests } from "../api/connectors.ts";
import { useFlows } from "../api/flows.ts";
import { LoadFailed } from "../ui/LoadFailed.tsx";
import { Page } from "../ui/Page.tsx";
import { RowsSkeleton } from "../ui/Skeletons.tsx";
import { CreateFlow } from "./CreateFlow.tsx";
import { FlowItem } from "./FlowItem.tsx";
import classes from "./FlowsPage.module.css";
import { NoFlows } from "./NoFlows.tsx";

export function FlowsPage() {
  const flows = useFlows();
  const manifests = useManifests();
  const [creating, { open, close }] = useDisclosure();
  const live = flows.data?.filter((flow) => flow.status === "live").length ?? 0;
  return (
    <Page
      title="Flows"
      sub={
        flows.data && flows.data.length > 0
          ? `${flows.data.length} in all, ${live} live`
          : "What happens when something happens"
      }
      actions={
        flows.data &&
        flows.data.length > 0 && (
          <Button leftSection={<IconPlus size={16} aria-hidden="true" />} onClick={open}>
            New flow
          </Button>
        )
      }
    >
      {flows.error && !flows.data ? (
        <LoadFailed error={flows.error} again={() => void flows.refetch()} />
      ) : !flows.data ? (
        <div className={classes.list}>
          <RowsSkeleton rows={5} height={76} />
        </div>
      ) : flows.data.length === 0 ? (
        <NoFlows onCreate={open} />
      ) : (
        <ul className={classes.list} aria-label="Flows">
          {flows.data.map((flow) => (
            <FlowItem key={flow.id} flow={flow} manifests={manifests.data} />
          ))}
        </ul>
      )}
      <CreateFlow opened={creating} onClose={close} />
    </Page>
  );
}
