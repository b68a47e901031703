// An edge without a mouse: from which port of the chosen step, to which step; what may not be is there with its reason.

import { Button, Group, Modal, Select, Stack } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type Step, stepOf, stepsOf } from "../../shared/graph.ts";
import { portsOf } from "../../shared/manifest.ts";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import { spotOf } from "./actions/add.ts";
import { chosenStep } from "./actions/chosen.ts";
import { draw } from "./add-step.ts";
import { useEditor } from "./editor-context.ts";
import { useView } from "./editor-view.ts";
import { useTools } from "./tools.ts";
import { whyNotDraw } from "./why-not.ts";

export function ConnectDialog() {
  const opened = useView((state) => state.dialog === "connect");
  const tools = useTools();
  const step = opened ? chosenStep(tools) : undefined;
  const close = () => tools.view.getState().set({ dialog: null });
  return (
    <Modal
      opened={step !== undefined}
      onClose={close}
      title={`Connect “${step?.name ?? ""}”`}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {step && <Ends step={step} onDone={close} />}
    </Modal>
  );
}

function Ends({ step, onDone }: { step: Step; onDone: () => void }) {
  const tools = useTools();
  const { store, manifests } = tools;
  const graph = useEditor((state) => state.graph);
  const ports = portsOf(step, manifests);
  const [port, setPort] = useState(spotOf(tools).from?.port ?? ports[0]?.id ?? "main");
  const [to, setTo] = useState<string | null>(null);
  const refused = to === null ? null : whyNotDraw(graph, { from: step.id, port, to });

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (to === null || refused) return;
    store
      .getState()
      .edit(`connect to “${stepOf(graph, to)?.name}”`, (now) => draw(now, { from: step.id, port, to }));
    onDone();
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {ports.length > 1 && (
          <Select
            label="Leaves by"
            allowDeselect={false}
            data={ports.map(({ id, label }) => ({ value: id, label: label || "after it" }))}
            value={port}
            onChange={(value) => value && setPort(value)}
          />
        )}
        <Select
          label="Leads to"
          placeholder="Choose a step"
          searchable
          data-autofocus
          data={stepsOf(graph)
            .filter((one) => one.id !== step.id)
            .map((one) => ({ value: one.id, label: one.name }))}
          value={to}
          onChange={setTo}
        />
        {refused && <ProblemNote tone="amber" sentence={refused.sentence} hint={refused.hint} urgent />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" disabled={to === null || refused !== null}>
            Connect
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
