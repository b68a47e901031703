// How a flow's catch URL catches: the settings, their secrets (which go in and never come out), and a signed sample.

import type { CatchingView } from "../../shared/api-views.ts";
import { type CatchSettings, DEFAULT_CATCH_SETTINGS } from "../../shared/catching.ts";
import type { Flow } from "../../shared/flow.ts";
import type { Problem } from "../../shared/problem.ts";
import { openSecrets, sealSecrets } from "../catch-seal.ts";
import { flowMoved } from "../engine/publish.ts";
import type { StoredCatching } from "../ports/store.ts";
import { recognise, type SeenRequest } from "../verify/recognise.ts";
import { catchingProblems } from "./catching-problems.ts";
import type { RouteDeps } from "./deps.ts";
import { findFlow } from "./find-flow.ts";
import type { Handlers } from "./handler.ts";
import { notFound, ProblemAnswer } from "./problem.ts";
import { sendSampleTo } from "./send-sample.ts";
import { missingSecret, secretProblems, secretUse, sharesSecrets } from "./verification-problems.ts";

export const catchingHandlers: Handlers<"catching" | "setCatching" | "sendSample"> = {
  async catching(deps, { caller, params }) {
    const flow = await findFlow(deps, caller, params.id);
    return catchingView(deps, flow, await catchingOf(deps, flow));
  },

  async setCatching(deps, { caller, params, body }) {
    const flow = await findFlow(deps, caller, params.id);
    const before = await catchingOf(deps, flow);
    const { settings } = body;
    const chosen = chooseSecrets(before.settings, openSecrets(deps.vault, flow, before), body);
    const problems = [...catchingProblems(settings, deps.settings), ...chosen.problems];
    if (problems.length > 0) throw refused(flow, problems);
    const catching: StoredCatching = { settings, sealed: sealSecrets(deps.vault, flow, chosen.secrets) };
    if (!(await deps.store.flows.setCatching(flow.id, catching, deps.clock.now())))
      throw notFound("flow", flow.id);
    flowMoved(deps, flow);
    deps.log.info({ flowId: flow.id, verification: settings.verification.kind }, "a flow catches otherwise");
    return catchingView(deps, flow, catching);
  },

  async sendSample(deps, { caller, params, body }) {
    const flow = await findFlow(deps, caller, params.id);
    const { settings, ...stored } = await catchingOf(deps, flow);
    const { verification } = settings;
    return sendSampleTo(deps, flow, {
      verification,
      secrets: openSecrets(deps.vault, flow, stored),
      ...body,
    });
  },
};

/** As it was set, or as a new flow has it. */
async function catchingOf({ store }: Pick<RouteDeps, "store">, flow: Flow): Promise<StoredCatching> {
  return (await store.flows.catching(flow.id)) ?? { settings: DEFAULT_CATCH_SETTINGS, sealed: null };
}

/** Why these settings are refused for a flow that is to be made with them: their secrets will follow. */
export function refuseWrongSettings(deps: Pick<RouteDeps, "settings">, settings: CatchSettings): void {
  const problems = catchingProblems(settings, deps.settings, true);
  if (problems.length > 0) throw refused({ name: "The new flow" }, problems);
}

function refused({ name }: Pick<Flow, "name">, problems: Problem[]): ProblemAnswer {
  const [first] = problems;
  const problem = first ?? { code: "catching-invalid", sentence: `“${name}” cannot catch like this.` };
  return new ProblemAnswer(422, problem, { problems });
}

interface SecretsGiven {
  settings: CatchSettings;
  secrets?: string[] | undefined;
  addSecrets?: string[] | undefined;
}

const MOST_SECRETS = 5;

/** The secrets that count from now on. Those that are there stay only with the verification that they were given for. */
function chooseSecrets(
  before: CatchSettings,
  there: string[],
  { settings: { verification }, secrets, addSecrets = [] }: SecretsGiven,
): { secrets: string[]; problems: Problem[] } {
  const stay = sharesSecrets(before.verification, verification) ? there : [];
  const given = [...(secrets ?? []), ...addSecrets];
  const all = [...new Set([...(secrets ?? stay), ...addSecrets])];
  const use = secretUse(verification);
  if (all.length === 0 && use === "needed") {
    const left = there.length > 0 && secrets === undefined;
    const why = {
      hint: "The secret that is there was given for another verification, and counts only for that one.",
    };
    return { secrets: [], problems: [{ ...missingSecret(verification), ...(left ? why : {}) }] };
  }
  if (all.length > MOST_SECRETS) {
    const sentence = `There can be ${MOST_SECRETS} secrets at a time, and these would be ${all.length}.`;
    const hint = "Give all of them anew, without those that are not used any more.";
    return { secrets: [], problems: [{ code: "catching-invalid", sentence, hint, field: "addSecrets" }] };
  }
  return {
    secrets: use === "none" ? [] : all,
    problems: secretProblems(verification, use === "none" ? given : all),
  };
}

async function catchingView(deps: RouteDeps, flow: Flow, catching: StoredCatching): Promise<CatchingView> {
  return {
    settings: catching.settings,
    secrets: openSecrets(deps.vault, flow, catching).length,
    looksLike: await looksLike(deps, flow, catching.settings),
  };
}

const LOOKED_AT = 20;
const BODY_START = 2_000;

/** Whom the newest deliveries seem to come from, where that is not whom the settings name. */
async function looksLike(
  { store }: Pick<RouteDeps, "store">,
  { id: flowId, workspaceId }: Flow,
  { verification }: CatchSettings,
): Promise<CatchingView["looksLike"]> {
  if (verification.kind !== "none" && verification.kind !== "preset") return null;
  const { items } = await store.deliveries.list({ workspaceId, flowId, limit: LOOKED_AT });
  const seen: SeenRequest[] = [];
  // One after the other: each may carry a body of some megabytes.
  for (const { id, verdict } of items) {
    const found = verdict === "accepted" ? (await store.runs.get(id))?.event : await store.deliveries.get(id);
    if (!found || !("request" in found)) continue;
    const { headers, contentType } = found.request;
    const summary = Buffer.from(found.raw.subarray(0, BODY_START)).toString();
    seen.push({ headers, contentType, summary });
  }
  const found = recognise(seen);
  return found && verification.kind === "preset" && verification.preset === found.preset ? null : found;
}
