// One flow: what it is made of, what reached it, its runs, its versions. The tab is part of the address.

import { Skeleton, Tabs } from "@mantine/core";
import { useNavigate, useParams } from "react-router";
import { useManifests } from "../api/connectors.ts";
import { useFlow } from "../api/flows.ts";
import { DeliveryList } from "../deliveries/DeliveryList.tsx";
import { RunList } from "../runs/RunList.tsx";
import { LoadFailed } from "../ui/LoadFailed.tsx";
import { NotFound } from "../ui/NotFound.tsx";
import { Page } from "../ui/Page.tsx";
import { FlowActions } from "./FlowActions.tsx";
import { FlowName } from "./FlowName.tsx";
import { FlowOverview } from "./FlowOverview.tsx";
import { FlowStanding } from "./FlowStanding.tsx";
import { FlowVersions } from "./FlowVersions.tsx";

const back = { to: "/", label: "Flows" };

export function FlowPage() {
  const { flowId = "", tab = "overview" } = useParams();
  const navigate = useNavigate();
  const flow = useFlow(flowId);
  const manifests = useManifests();

  if (!["overview", "inbox", "runs", "versions"].includes(tab)) return <NotFound />;
  const error = flow.error ?? manifests.error;
  if (error && (!flow.data || !manifests.data)) {
    return (
      <Page title="Flow" heading={null} back={back}>
        <LoadFailed
          error={error}
          again={() => {
            void flow.refetch();
            void manifests.refetch();
          }}
        />
      </Page>
    );
  }
  if (!flow.data || !manifests.data) {
    return (
      <Page
        title="Flow"
        heading={<Skeleton height={30} width={280} />}
        back={back}
        sub={<Skeleton height={22} width={180} mt={4} />}
      >
        <Skeleton height={34} width={300} mb={16} />
        <Skeleton height={520} radius="lg" />
      </Page>
    );
  }

  return (
    <Page
      title={flow.data.name}
      heading={<FlowName flow={flow.data} key={flow.data.name} />}
      back={back}
      sub={<FlowStanding flow={flow.data} />}
      actions={<FlowActions flow={flow.data} />}
    >
      <Tabs
        value={tab}
        onChange={(next) => void navigate(`/flows/${flowId}${next === "overview" ? "" : `/${next}`}`)}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="inbox">Inbox</Tabs.Tab>
          <Tabs.Tab value="runs">Runs</Tabs.Tab>
          <Tabs.Tab value="versions">Versions</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="overview">
          <FlowOverview flow={flow.data} manifests={manifests.data} />
        </Tabs.Panel>
        <Tabs.Panel value="inbox">
          <DeliveryList flowId={flow.data.id} />
        </Tabs.Panel>
        <Tabs.Panel value="runs">
          <RunList flowId={flow.data.id} />
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          <FlowVersions flow={flow.data} manifests={manifests.data} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
