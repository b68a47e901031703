// The canvas to draw on with the run that is shown on it; what a run does draws nothing else of the editor again.

import { EditCanvas } from "./EditCanvas.tsx";
import { useEditorPlace } from "./editor-context.ts";
import { useLiveRun } from "./live-marks.ts";
import classes from "./RunChip.module.css";
import { RunChip } from "./RunChip.tsx";

export function LiveCanvas() {
  const { flow } = useEditorPlace();
  const live = useLiveRun(flow.id);
  return (
    <>
      <EditCanvas marks={live.marks} />
      <div className={classes.place}>
        <RunChip live={live} />
      </div>
    </>
  );
}
