// F14: requests that can be read in two ways, floods of headers, and pipelines, on bare sockets.

import { graph } from "../kit/graph.ts";
import type { Fault } from "./fault.ts";
import { sendRaw } from "./raw-sender.ts";
import { startScene } from "./scene.ts";
import { smugglingCases } from "./smuggling.ts";

export const fault: Fault = {
  id: "F14",
  title: "Requests that can be read in two ways are refused, and nothing that hides in them is ever parsed.",
  fast: true,
  async run({ say }) {
    const missed: string[] = [];
    const scene = await startScene();
    try {
      const outer = await scene.publish("outer", graph("trigger -> step"));
      const hidden = await scene.publish("hidden", graph("trigger -> step"));
      const cases = smugglingCases(outer.path, hidden.path);
      let refused = 0;
      let runs = 0;
      let slowestMs = 0;
      for (const { name, pieces, statuses, open, runs: wanted } of cases) {
        const heard = await sendRaw(scene.port, pieces);
        const got = heard.answers.map(({ status }) => status);
        if (got.join() !== statuses.join())
          missed.push(
            `“${name}” was answered ${got.join(", ") || "with nothing"}, not ${statuses.join(", ")}.`,
          );
        if (!open && !heard.closed) missed.push(`After “${name}” the connection was left open.`);
        const made = (await scene.countRuns(outer.id)) - runs;
        if (made !== wanted) missed.push(`“${name}” made ${made} runs, not ${wanted}.`);
        runs += made;
        if (wanted === 0) refused++;
        slowestMs = Math.max(slowestMs, heard.ms);
        say(`${name}: ${got.join(", ")}`);
      }
      const parsed = await scene.countRuns(hidden.id);
      if (parsed > 0) missed.push(`${parsed} hidden requests were parsed.`);
      // Were its address wrong, nothing could ever have been found there.
      const control = await fetch(hidden.catchUrl, { method: "POST", body: "1" });
      if (control.status !== 202 || (await scene.countRuns(hidden.id)) !== parsed + 1)
        missed.push("The hidden flow does not run even for an honest request, so this proves nothing.");
      if (/"level":(50|60)/.test(scene.program.output())) missed.push("The program logged a defect.");
      const figures = { cases: cases.length, refused, hiddenRuns: parsed, slowestMs: Math.round(slowestMs) };
      return { figures, missed };
    } finally {
      await scene.close();
    }
  },
};
