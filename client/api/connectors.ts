// What connectors can do, from the server: the manifests that forms, icons and the canvas are drawn from.

import { useQuery } from "@tanstack/react-query";
import type { ResponseOf } from "../../shared/api.ts";
import { Control, type FieldSpec } from "../../shared/field.ts";
import { type ConnectorManifest, indexManifests, type Manifests } from "../../shared/manifest.ts";
import { call } from "./call.ts";

type ConnectorView = ResponseOf<"connectors">["items"][number];
type FieldView = ConnectorView["triggers"][number]["fields"][number];

export const noManifests: Manifests = indexManifests([]);

/** They change only with the program, so they are fetched once. */
export function useManifests() {
  return useQuery({
    queryKey: ["connectors"],
    queryFn: async ({ signal }) =>
      indexManifests((await call("connectors", { signal })).items.map(toManifest)),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });
}

function toManifest(view: ConnectorView): ConnectorManifest {
  return {
    ...view,
    connection: view.connection && { ...view.connection, fields: view.connection.fields.map(toSpec) },
    triggers: view.triggers.map((t) => ({ ...t, fields: t.fields.map(toSpec) })),
    actions: view.actions.map((a) => ({ ...a, fields: a.fields.map(toSpec) })),
  };
}

/** A control that this page does not know (it is older than the server) is written as text. */
function toSpec(field: FieldView): FieldSpec {
  const control = Control.safeParse(field.control);
  return { ...field, control: control.success ? control.data : "text", items: field.items?.map(toSpec) };
}
