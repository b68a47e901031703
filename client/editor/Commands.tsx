// The command palette: every action that can be done now, and every step that can be gone to.

import "@mantine/spotlight/styles.layer.css";
import { Spotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { stepsOf } from "../../shared/graph.ts";
import { ConnectorIcon } from "../ui/ConnectorIcon.tsx";
import { canDo, labelOf } from "./actions/action.ts";
import { actions } from "./actions/list.ts";
import { KeyCaps } from "./KeyCaps.tsx";
import { addPicked, focusNode, useTools } from "./tools.ts";

const MOST = 9;

export function Commands() {
  const [query, setQuery] = useState("");
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      // The editor's own keys open it.
      shortcut={null}
      maxHeight={460}
      scrollable
      centered={false}
      yOffset="14vh"
      transitionProps={{ duration: 80 }}
      attributes={{ content: { "aria-label": "Commands" } }}
    >
      <Spotlight.Search placeholder="Do something, or go to a step…" leftSection={<IconSearch size={18} />} />
      <Spotlight.ActionsList>
        <Found query={query} />
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function Found({ query }: { query: string }) {
  const tools = useTools();
  const { store, manifests } = tools;
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (text: string) => words.every((word) => text.toLowerCase().includes(word));
  const can = actions.filter((action) => action.id !== "commands" && canDo(action, tools));
  const shown = can.filter((action) => fits(labelOf(action, tools)));
  const steps =
    words.length === 0 ? [] : stepsOf(store.getState().graph).filter((step) => fits(`go to ${step.name}`));
  const kinds =
    words.length === 0
      ? []
      : [...manifests.actions.values()].filter((one) => fits(`add ${one.name} ${one.uses}`));
  if (shown.length + steps.length + kinds.length === 0) {
    return <Spotlight.Empty>Nothing is called that.</Spotlight.Empty>;
  }
  return (
    <>
      {shown.map((action) => (
        <Spotlight.Action
          key={action.id}
          label={labelOf(action, tools)}
          leftSection={<action.icon size={18} stroke={1.8} />}
          rightSection={action.keys[0] && <KeyCaps keys={action.keys[0]} />}
          // After the palette closed and gave the focus back.
          onClick={() => setTimeout(() => action.perform(tools), 100)}
        />
      ))}
      {steps.slice(0, MOST).map((step) => (
        <Spotlight.Action
          key={`step ${step.id}`}
          label={`Go to “${step.name}”`}
          leftSection={<ConnectorIcon uses={step.uses} manifests={manifests} size={22} />}
          onClick={() => {
            tools.view.getState().choose([step.id]);
            setTimeout(() => focusNode(tools, step.id), 100);
          }}
        />
      ))}
      {kinds.slice(0, MOST).map((kind) => (
        <Spotlight.Action
          key={`add ${kind.uses}`}
          label={`Add “${kind.name}”`}
          leftSection={<ConnectorIcon uses={kind.uses} manifests={manifests} size={22} />}
          onClick={() => setTimeout(() => addPicked(tools, kind.uses, {}), 100)}
        />
      ))}
    </>
  );
}
