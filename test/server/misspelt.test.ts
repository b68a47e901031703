// Which variables are taken for a misspelt setting, and which are left alone.

import { expect, test } from "vitest";
import { settingsTable } from "../../server/config.ts";
import { misspelt } from "../../server/misspelt.ts";

const SETTINGS = settingsTable.map(({ name }) => name);

test.each([
  ["QUEUE_CAPS", "QUEUE_CAP"],
  ["QUEUECAP", "QUEUE_CAP"],
  ["queue_cap", "QUEUE_CAP"],
  ["ENCRYPTON_KEY", "ENCRYPTION_KEY"],
  ["ENCRYPTION_KYE", "ENCRYPTION_KEY"],
  ["RETENTOIN", "RETENTION"],
  ["MONGO_URI", "MONGO_URL"],
  ["METRIC_TOKEN", "METRICS_TOKEN"],
  ["TRUST_PROXI", "TRUST_PROXY"],
])("%s is asked about, and %s named", (name, setting) => {
  const sentence = `${name} is no setting, and ${setting} is not set. If ${setting} was meant, rename it.`;
  expect(misspelt({ [name]: "secret" }, SETTINGS)).toEqual([sentence]);
});

test.each([
  "HOSTNAME",
  "HOSTS",
  "PORTS",
  "ROLES",
  "PATH",
  "XDG_DATA_DIRS",
  "REDIS_PORT",
  "LOGNAME",
  "MAX_FILES",
])("%s is somebody else's", (name) => {
  expect(misspelt({ [name]: "x" }, SETTINGS)).toEqual([]);
});

test("what is set rightly, too, is not asked about", () => {
  expect(misspelt({ MONGO_URL: "mongodb://a", MONGO_URI: "mongodb://a" }, SETTINGS)).toEqual([]);
  expect(misspelt({ MONGO_URL: " ", MONGO_URI: "mongodb://a" }, SETTINGS)).toHaveLength(1);
});
