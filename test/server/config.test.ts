// Every setting: its default, what it refuses, and the README's table.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ConfigError, readConfig, settingsMarkdown, settingsTable } from "../../server/config.ts";

const README = new URL("../../README.md", import.meta.url);

function refusal(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error instanceof Error ? error.message : "";
  }
  throw new Error("it was not refused");
}

describe("settings", () => {
  test("need not be given", () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      port: 3000,
      host: "127.0.0.1",
      publicUrl: undefined,
      trustProxy: false,
      owner: undefined,
      encryptionKey: undefined,
      allowNetworks: [],
      maxBodyBytes: 10 * 1024 * 1024,
      retentionMs: 30 * 86_400_000,
      queueCap: 100_000,
      logLevel: "info",
    });
    expect(config.dataDir).toBe(`${process.cwd()}/data`);
  });

  test("an empty value is an absent one", () => {
    expect(readConfig({ PORT: "", PUBLIC_URL: " ", OWNER_EMAIL: "", MONGO_URL: "" }).port).toBe(3000);
  });

  test("are read", () => {
    const key = Buffer.alloc(32, 7).toString("base64");
    const config = readConfig({
      PORT: "0",
      HOST: "0.0.0.0",
      DATA_DIR: "/var/lib/flowcatch",
      PUBLIC_URL: "https://flows.example.com/",
      TRUST_PROXY: "10.0.0.0/8, loopback",
      OWNER_EMAIL: "ada@example.com",
      OWNER_PASSWORD: "a long password",
      ENCRYPTION_KEY: key,
      ALLOW_NETWORKS: "10.1.0.0/16, 127.0.0.1/32:2525",
      MAX_BODY: "1.5MB",
      RETENTION: "2w",
      LOG_LEVEL: "debug",
      ROLE: "all",
    });
    expect(config).toMatchObject({
      port: 0,
      host: "0.0.0.0",
      dataDir: "/var/lib/flowcatch",
      publicUrl: "https://flows.example.com",
      trustProxy: ["10.0.0.0/8", "loopback"],
      owner: { email: "ada@example.com", password: "a long password" },
      encryptionKey: key,
      maxBodyBytes: 1.5 * 1024 * 1024,
      retentionMs: 14 * 86_400_000,
      logLevel: "debug",
    });
    expect(config.allowNetworks).toHaveLength(2);
    expect(readConfig({ TRUST_PROXY: "2" }).trustProxy).toBe(2);
  });

  test.each([
    ["PORT", "http"],
    ["PORT", "70000"],
    ["HOST", "not a host"],
    ["PUBLIC_URL", "flows.example.com"],
    ["PUBLIC_URL", "https://example.com/flows"],
    ["PUBLIC_URL", "ftp://example.com"],
    ["TRUST_PROXY", "true"],
    ["TRUST_PROXY", "0.0.0.0/0"],
    ["TRUST_PROXY", "10.0.0.0/33"],
    ["ALLOW_NETWORKS", "10.0.0.0/99"],
    ["MAX_BODY", "10"],
    ["MAX_BODY", "5gb"],
    ["RETENTION", "forever"],
    ["RETENTION", "1m"],
    ["QUEUE_CAP", "0"],
    ["QUEUE_CAP", "many"],
    ["LOG_LEVEL", "loud"],
    ["ROLE", "boss"],
  ])("%s=%s stops the start with a sentence that names both", (name, value) => {
    const message = refusal({ [name]: value });
    expect(message).toContain(name);
    expect(message).toContain(value);
    expect(message).toContain("Expected:");
  });

  test.each([
    ["OWNER_PASSWORD", "short"],
    ["ENCRYPTION_KEY", "hunter2-not-a-key"],
    ["METRICS_TOKEN", "hunter2"],
    ["METRICS_TOKEN", "hunter2 hunter2 hunter2"],
  ])("a wrong %s is named, and its value is not", (name, value) => {
    const message = refusal({ OWNER_EMAIL: "ada@example.com", [name]: value });
    expect(message).toContain(name);
    expect(message).not.toContain(value);
  });

  test("the owner's two settings come together or not at all", () => {
    expect(refusal({ OWNER_EMAIL: "ada@example.com" })).toContain("OWNER_PASSWORD is not");
    expect(refusal({ OWNER_PASSWORD: "a long password" })).toContain("OWNER_EMAIL is not");
  });

  test.each([
    ["MONGO_URL", "mongodb://user:sesame@db/flowcatch", "REDIS_URL"],
    ["REDIS_URL", "redis://:sesame@cache", "MONGO_URL"],
    ["ROLE", "worker", "MONGO_URL"],
    ["ROLE", "web", "MONGO_URL"],
  ])("%s alone stops the start, naming what is missing", (name, value, missing) => {
    const message = refusal({ [name]: value });
    expect(message).toContain(name);
    expect(message).toContain(missing);
    expect(message).not.toContain("sesame");
  });

  test("of several processes are whole with a key that they share", () => {
    const servers = {
      MONGO_URL: "mongodb://user:sesame@one:27017,two:27017/flowcatch?replicaSet=rs",
      REDIS_URL: "rediss://:sesame@cache:6379",
    };
    expect(refusal(servers)).toContain("ENCRYPTION_KEY");
    const key = Buffer.alloc(32, 7).toString("base64");
    const config = readConfig({ ...servers, ENCRYPTION_KEY: key, ROLE: "worker" });
    expect(config).toMatchObject({
      mongoUrl: servers.MONGO_URL,
      redisUrl: servers.REDIS_URL,
      role: "worker",
    });
    const wrong = refusal({ ...servers, MONGO_URL: "http://sesame@db", ENCRYPTION_KEY: key });
    expect(wrong).toContain("mongodb:");
    expect(wrong).not.toContain("sesame");
  });

  test("every wrong one is told at once", () => {
    expect(refusal({ PORT: "x", LOG_LEVEL: "y" }).split("\n")).toHaveLength(2);
  });

  test("a wrong one is told in words of its own", () => {
    expect(refusal({ LOG_LEVEL: "loud" })).toMatch(
      /^LOG_LEVEL is “loud”, .*: there is no such level\. Expected: /,
    );
    expect(refusal({ ALLOW_NETWORKS: "x" })).toMatch(
      /which is not right: “x” is not a network\. Write it as /,
    );
  });

  test("what is missing may be there under a name that is nearly right", () => {
    const message = refusal({ MONGO_URL: "mongodb://a", REDIS_URI: "redis://sesame@b" });
    expect(message).toContain("REDIS_URI is no setting, and REDIS_URL is not set.");
    expect(message).not.toContain("sesame");
  });

  test("have a table", () => {
    expect(settingsTable.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["PORT", "DATA_DIR", "QUEUE_CAP", "MONGO_URL"]),
    );
    for (const { name, meaning } of settingsTable) {
      expect(settingsMarkdown()).toContain(`| \`${name}\` |`);
      expect(meaning).toMatch(/\.$/);
    }
  });

  test("stand in the README", () => {
    expect(readFileSync(README, "utf8")).toContain(settingsMarkdown());
  });
});
