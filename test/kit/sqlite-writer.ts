// A program that writes runs to a data folder until it is killed, and says on its output what it was promised.
// `node sqlite-writer.ts <folder>`; its first line is "open".

import { createHash } from "node:crypto";
import { writeSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { openSqliteFile } from "../../server/adapters/sqlite-file.ts";
import { createSqliteStore } from "../../server/adapters/sqlite-store.ts";
import { newId } from "../../shared/id.ts";
import { aRun, aStep, aWebhook } from "../contracts/builders.ts";

/** The body that belongs to a run: anybody can check it. */
export function bodyOf(runId: string): Uint8Array {
  const digest = createHash("sha512").update(runId).digest();
  return Buffer.concat(Array.from({ length: 1 + ((digest[0] ?? 0) % 60) }, () => digest));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const store = createSqliteStore(openSqliteFile(process.argv[2] ?? ""));
  writeSync(1, "open\n");
  const write = async () => {
    for (;;) {
      const id = newId("run", Date.now());
      await store.runs.accept(aRun({ id, createdAt: Date.now(), event: aWebhook(bodyOf(id)) }));
      writeSync(1, `accepted ${id}\n`);
      const claim = await store.runs.claim(id, Date.now(), Date.now() + 30_000);
      if (claim?.run.fence !== 1) throw new Error(`${id} was not claimed`);
      const saved = await store.runs.record(id, 1, {
        steps: [aStep("one"), aStep("two")],
        run: { status: "succeeded", finishedAt: Date.now() },
      });
      if (saved === "saved") writeSync(1, `ended ${id}\n`);
    }
  };
  await Promise.all(Array.from({ length: 20 }, write));
}
