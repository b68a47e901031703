// What happened to a delivery, in sentences: what it was, why, and the next move. Pure.

import type { RunStatus } from "../../shared/run.ts";
import type { DeliveryRowView, DeliveryView } from "../api/deliveries.ts";
import { bytesText, durationText } from "../ui/time.ts";

interface Told {
  sentence: string;
  hint: string | undefined;
}

/** First on a delivery's page. */
export function toldOf(delivery: DeliveryView): Told {
  const { verdict, problem } = delivery;
  if (verdict === "accepted") return { sentence: "It became a run.", hint: runHint(delivery.runStatus) };
  if (verdict === "duplicate") return { sentence: duplicateSentence(delivery), hint: DUPLICATE_HINT };
  const usual = USUAL[verdict];
  return problem
    ? { sentence: problem.sentence, hint: problem.hint ?? ASLEEP_HINTS[problem.code] ?? usual.hint }
    : usual;
}

/** The second line of a row in the list. */
export function rowDetail(row: DeliveryRowView): string {
  if (row.verdict === "accepted") return row.runStatus === null ? "" : RUN_WORDS[row.runStatus];
  if (row.verdict === "duplicate") return "The same as one that came before; nothing was started twice.";
  return row.problem?.sentence ?? USUAL[row.verdict].sentence;
}

/** “… 3 s later”. */
function duplicateSentence({ at, duplicateOfAt }: DeliveryView): string {
  return duplicateOfAt === null
    ? "It is a duplicate: the same thing came before."
    : `It is a duplicate: the same thing came again, ${durationText(at - duplicateOfAt)} later.`;
}

const DUPLICATE_HINT =
  "Many services send again when they are in doubt, so nothing was started twice. If it is something else, change what tells duplicates in the settings of the catch URL.";

/** Of what came while the flow slept: the next move depends on why. */
const ASLEEP_HINTS: Partial<Record<string, string>> = {
  "flow-not-published": "Publish the flow, then run this from here, or run it through the draft.",
  "flow-paused": "Resume the flow, so that what comes starts runs again, and run this one from here.",
  "flow-starts-otherwise": "Let the flow be started by a webhook if this should start it.",
};

/** Of a verdict alone; often more is known. */
export const USUAL: Record<"refused" | "handshake" | "asleep" | "filtered", Told> = {
  refused: {
    sentence: "It was not taken.",
    hint: "Look at the settings of the catch URL.",
  },
  handshake: {
    sentence: "The sender asked whether somebody is there, and got its answer.",
    hint: "Nothing has to be done: this is how some services check an address. It is no event, so nothing was started.",
  },
  asleep: {
    sentence: "The flow was not live, so nothing was started. It was kept as a sample.",
    hint: "Publish or resume the flow, then run it from here.",
  },
  filtered: {
    sentence: "The flow’s “only if” does not hold for it, so nothing was started.",
    hint: "If it should have started a run, change “only if” in the settings of the catch URL.",
  },
};

const RUN_WORDS: Record<RunStatus, string> = {
  queued: "The run has not begun yet.",
  running: "The run is going on.",
  waiting: "The run waits.",
  asking: "The run needs a decision of yours.",
  succeeded: "The run succeeded.",
  failed: "The run failed.",
  canceled: "The run was canceled.",
};

function runHint(status: RunStatus | null): string | undefined {
  return status === null ? "The run is not kept any more." : RUN_WORDS[status];
}

/** What a person should know before this is run all the same; undefined when nothing speaks against it. */
export function warningOf(delivery: DeliveryView): string | undefined {
  const { sentence } = toldOf(delivery);
  switch (delivery.verdict) {
    case "refused":
      return `It was refused: ${sentence} Whoever sent it may not be who it says. Run it only if you know where it came from.`;
    case "duplicate":
      return `${sentence} What the flow does would be done a second time.`;
    case "filtered":
      return `It was filtered out: ${sentence} The flow would do its work with something that it is not meant for.`;
    case "handshake":
      return "It is a handshake and no event: it most likely has none of the data that the flow works with.";
    case "accepted":
    case "asleep":
      return undefined;
  }
}

/** Why there is nothing that a run could begin with; undefined when there is. */
export function whyNotRunnable({ kept, bytes, unreadable }: DeliveryView): string | undefined {
  if (kept < bytes)
    return `Of its ${bytesText(bytes)} only the first ${bytesText(kept)} were kept, as it was not taken. Have it sent again to run it.`;
  if (unreadable !== null) return "Its body cannot be read, so a run would have no data. Have it sent again.";
  return undefined;
}
