// A flow as a file in the person's downloads.

import { notifications } from "@mantine/notifications";
import { flowFileName, flowFileText, toFlowFile } from "../../shared/flow-file.ts";
import { call } from "../api/call.ts";
import { toProblem } from "../api/problem.ts";

/** The draft as the server has it. */
export async function exportFlow(flowId: string): Promise<void> {
  try {
    const params = { id: flowId };
    const [{ name, draft }, { settings }] = await Promise.all([
      call("flow", { params }),
      call("catching", { params }),
    ]);
    const { file, leftOut } = toFlowFile({ name, graph: draft, catching: settings });
    download(flowFileName(name), flowFileText(file));
    notifications.show({
      color: "teal",
      title: `“${name}” is in your downloads.`,
      message:
        leftOut.length === 0
          ? "Connections stay here: whoever imports it chooses their own."
          : `What looks like a secret was left out: ${leftOut.join("; ")}.`,
    });
  } catch (error) {
    const problem = toProblem(error);
    notifications.show({ color: "red", title: problem.message, message: problem.hint ?? "", role: "alert" });
  }
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers begin to read only after the click was handled.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
