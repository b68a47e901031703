// Every example of every connector, played: what the documentation shows is what happens.

import { describe, expect, test } from "vitest";
import { connectors } from "../../../server/connectors/registry.ts";
import { playExample } from "../../kit/playback.ts";

for (const connector of connectors) {
  for (const [key, action] of Object.entries(connector.actions)) {
    describe(`${connector.id}.${key}`, () => {
      test.each(action.examples)("$name", async (example) => {
        const outcome = await playExample(action, example);
        // An output is stored as JSON: what does not survive that would change behind the person's back.
        expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome);
      });
    });
  }
}
