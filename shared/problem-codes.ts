// Every problem code there is, with what it means and the next move: what the address in a problem's `type` shows.

import { ENTRY_CODES } from "./problem-codes-catch.ts";
import { DELIVERY_CODES } from "./problem-codes-delivery.ts";
import { CATCH_CODES, GRAPH_CODES, TEMPLATE_CODES } from "./problem-codes-flow.ts";
import type { CodeEntry, CodeGroup } from "./problem-codes-kit.ts";
import { CONNECTION_CODES, CONNECTOR_CODES, RUN_CODES } from "./problem-codes-run.ts";
import { ACCOUNT_CODES, SERVER_CODES } from "./problem-codes-server.ts";
import { HTTP_CODES, MAIL_CODES } from "./problem-codes-world.ts";

/** In the order in which an event meets them. A code stands in one group only. */
export const CODE_GROUPS: readonly CodeGroup[] = [
  CATCH_CODES,
  ENTRY_CODES,
  DELIVERY_CODES,
  GRAPH_CODES,
  TEMPLATE_CODES,
  RUN_CODES,
  HTTP_CODES,
  MAIL_CODES,
  CONNECTOR_CODES,
  CONNECTION_CODES,
  ACCOUNT_CODES,
  SERVER_CODES,
];

export const PROBLEM_CODES: Readonly<Record<string, CodeEntry>> = Object.fromEntries(
  CODE_GROUPS.flatMap(({ codes }) => Object.entries(codes)),
);
