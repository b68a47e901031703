// From a template to a flow of one's own, with its sample event at hand.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import type { FlowTemplate } from "../../shared/flow-templates/kit.ts";
import { findSampleEvent, sampleEventData } from "../../shared/sample-events.ts";
import { call } from "../api/call.ts";
import { useConnections } from "../api/connections.ts";
import { noManifests, useManifests } from "../api/connectors.ts";
import { flowKeys } from "../api/flows.ts";
import { flowPath } from "../flows/flow-path.ts";
import { withOnlyConnections } from "./only-connections.ts";

export function useTemplate() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const connections = useConnections();
  const manifests = useManifests();
  return useMutation({
    async mutationFn(template: FlowTemplate) {
      const graph = withOnlyConnections(
        template.graph,
        manifests.data ?? noManifests,
        connections.data ?? [],
      );
      const flow = await call("createFlow", { body: { name: template.name, graph } });
      const event = findSampleEvent(template.sampleEventId);
      if (event) {
        const data = sampleEventData(event, Date.now());
        // A flow without a sample is a flow all the same.
        await call("createSample", {
          params: { id: flow.id },
          body: { name: `${event.from}: ${event.name}`, data },
        }).catch(() => undefined);
      }
      return flow;
    },
    onSuccess(flow) {
      client.setQueryData(flowKeys.one(flow.id), flow);
      void client.invalidateQueries({ queryKey: flowKeys.list });
      void navigate(flowPath(flow.id));
    },
  });
}
