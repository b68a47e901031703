// Whether the draft is safe: “Saved”, “Saving…”, or why not and what to do.

import { Button, Tooltip } from "@mantine/core";
import { IconAlertTriangle, IconCloudCheck, IconCloudUp } from "@tabler/icons-react";
import { useEditor } from "./editor-context.ts";
import { useView, useViewStore } from "./editor-view.ts";
import classes from "./TopBar.module.css";
import { useTools } from "./tools.ts";

export function SaveBadge() {
  const save = useEditor((state) => state.save);
  const { autosave } = useTools();
  const view = useViewStore();
  const asked = useView((state) => state.dialog === "conflict");
  if (save.kind === "failed") {
    return (
      <Tooltip
        label={`${save.why} What you drew is kept here, and saving is tried again.`}
        multiline
        maw={320}
      >
        <span className={classes.save} data-bad role="status">
          <IconAlertTriangle size={16} aria-hidden="true" />
          <span className={classes.why}>Not saved: {save.why}</span>
          <Button size="compact-xs" variant="light" color="red" onClick={() => void autosave.flush()}>
            Try again
          </Button>
        </span>
      </Tooltip>
    );
  }
  if (save.kind === "conflict") {
    return (
      <span className={classes.save} data-bad role="status">
        <IconAlertTriangle size={16} aria-hidden="true" />
        <span className={classes.why}>Not saved: changed elsewhere</span>
        {!asked && (
          <Button
            size="compact-xs"
            variant="light"
            color="red"
            onClick={() => view.getState().set({ dialog: "conflict" })}
          >
            Decide
          </Button>
        )}
      </span>
    );
  }
  const isSaved = save.kind === "saved";
  return (
    <span className={classes.save} role="status" aria-label="Draft">
      {isSaved ? (
        <IconCloudCheck size={17} aria-hidden="true" />
      ) : (
        <IconCloudUp size={17} aria-hidden="true" />
      )}
      {isSaved ? "Saved" : "Saving…"}
    </span>
  );
}
