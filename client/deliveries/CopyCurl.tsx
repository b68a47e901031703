// Copies a delivery as a command for a terminal, and says what of it has to be filled in.

import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconTerminal2 } from "@tabler/icons-react";
import type { DeliveryView } from "../api/deliveries.ts";
import { writeText } from "../ui/Copy.tsx";
import { bytesText } from "../ui/time.ts";
import { curlOf } from "./delivery-curl.ts";

export function CopyCurl({ delivery }: { delivery: DeliveryView }) {
  return (
    <Button
      variant="default"
      leftSection={<IconTerminal2 size={16} aria-hidden="true" />}
      onClick={() => void copy(delivery)}
    >
      Copy as curl
    </Button>
  );
}

async function copy(delivery: DeliveryView): Promise<void> {
  const { command, placeholders } = curlOf(delivery);
  if (!(await writeText(command))) {
    notifications.show({
      color: "red",
      title: "The browser does not let this page copy.",
      message: "Open Flowcatch over https, or allow copying for this page.",
    });
    return;
  }
  const cut =
    delivery.kept < delivery.bytes
      ? ` Its body is only the first ${bytesText(delivery.kept)}: more was not kept.`
      : "";
  notifications.show({
    title: "The curl command is copied.",
    message:
      placeholders.length === 0
        ? `Paste it into a terminal to send the same again.${cut}`
        : `Secrets are not in it. Before you send it, replace ${placeholders.join(", ")}.${cut}`,
    autoClose: placeholders.length === 0 ? 4_000 : 12_000,
  });
}
