// The list of flows: what each does, whether it is live, and how it has been going.

import { Button, FileButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconFileImport, IconLayoutGrid, IconPlus } from "@tabler/icons-react";
import { Link } from "react-router";
import { useManifests } from "../api/connectors.ts";
import { useFlows } from "../api/flows.ts";
import { LoadFailed } from "../ui/LoadFailed.tsx";
import { Page } from "../ui/Page.tsx";
import { RowsSkeleton } from "../ui/Skeletons.tsx";
import { CreateFlow } from "./CreateFlow.tsx";
import { FlowItem } from "./FlowItem.tsx";
import classes from "./FlowsPage.module.css";
import { FlowDrop, type FlowImport, useFlowImport } from "./flow-import.tsx";
import { NoFlows } from "./NoFlows.tsx";

export function FlowsPage() {
  const flows = useFlows();
  const manifests = useManifests();
  const taking = useFlowImport();
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
          <>
            <Button
              component={Link}
              to="/templates"
              variant="default"
              leftSection={<IconLayoutGrid size={16} aria-hidden="true" />}
            >
              Templates
            </Button>
            <ImportButton taking={taking} />
            <Button leftSection={<IconPlus size={16} aria-hidden="true" />} onClick={open}>
              New flow
            </Button>
          </>
        )
      }
    >
      <FlowDrop taking={taking}>
        {flows.error && !flows.data ? (
          <LoadFailed error={flows.error} again={() => void flows.refetch()} />
        ) : !flows.data ? (
          <div className={classes.list}>
            <RowsSkeleton rows={5} height={76} />
          </div>
        ) : flows.data.length === 0 ? (
          <NoFlows onCreate={open}>
            <ImportButton taking={taking} large />
          </NoFlows>
        ) : (
          <ul className={classes.list} aria-label="Flows">
            {flows.data.map((flow) => (
              <FlowItem key={flow.id} flow={flow} manifests={manifests.data} />
            ))}
          </ul>
        )}
      </FlowDrop>
      <CreateFlow opened={creating} onClose={close} />
    </Page>
  );
}

function ImportButton({ taking, large }: { taking: FlowImport; large?: boolean }) {
  return (
    <FileButton accept="application/json,.json" onChange={taking.read}>
      {(props) => (
        <Button
          {...props}
          variant="default"
          size={large ? "md" : "sm"}
          leftSection={<IconFileImport size={16} aria-hidden="true" />}
        >
          Import
        </Button>
      )}
    </FileButton>
  );
}
