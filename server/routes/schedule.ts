// Shows when a schedule will come due, before anything is saved.

import { nextTimes } from "../engine/publish.ts";
import type { Handlers } from "./handler.ts";

const SHOWN = 5;

export const scheduleHandlers: Handlers<"previewSchedule"> = {
  async previewSchedule(deps, { body }) {
    return { times: nextTimes(body.uses, body.input, deps.clock.now(), SHOWN) };
  },
};
