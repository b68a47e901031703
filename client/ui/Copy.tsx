// Copying to the clipboard, with an answer that it happened; also over plain http, where browsers offer less.

import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useState } from "react";

export function CopyButton({ text, what, label }: { text: string; what: string; label?: string }) {
  const [copied, copy] = useCopy(text);
  const Icon = copied ? IconCheck : IconCopy;
  if (label) {
    return (
      <Button
        variant="default"
        leftSection={<Icon size={15} aria-hidden="true" />}
        onClick={copy}
        aria-label={`Copy ${what}`}
      >
        {copied ? "Copied" : label}
      </Button>
    );
  }
  return (
    <Tooltip label={copied ? "Copied" : `Copy ${what}`}>
      <ActionIcon variant="subtle" color="gray" onClick={copy} aria-label={`Copy ${what}`}>
        <Icon size={16} color={copied ? "var(--green-line)" : "var(--mantine-color-dimmed)"} />
      </ActionIcon>
    </Tooltip>
  );
}

function useCopy(text: string): [boolean, () => void] {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_600);
    return () => clearTimeout(timer);
  }, [copied]);
  return [
    copied,
    async () => {
      if (await writeText(text)) setCopied(true);
      else
        notifications.show({
          color: "red",
          title: "The browser does not let this page copy.",
          message: "Select the text and copy it with the keyboard.",
        });
    },
  ];
}

/** Says whether it worked. */
export async function writeText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return writeBySelection(text);
  }
}

/** `navigator.clipboard` exists only on https and localhost; a self-hosted app is often on neither. */
function writeBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
