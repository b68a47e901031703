// The Kubernetes example fits the image, the settings that the server has, and itself.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { readConfig, settingsTable } from "../../server/config.ts";
import { VERSION } from "../../server/version.ts";
import { readDockerfile } from "./dockerfile.ts";
import { readYaml } from "./plain-yaml.ts";

const read = (path: string) => readFileSync(join(resolve(import.meta.dirname, "../.."), path), "utf8");

const DRAIN_SECONDS = 30;
const Labels = z.record(z.string(), z.string());
const Probe = z.object({ httpGet: z.object({ path: z.string(), port: z.literal("http") }) });
const Container = z.object({
  name: z.string(),
  image: z.string(),
  env: z.array(z.object({ name: z.string(), value: z.string() })),
  envFrom: z.tuple([
    z.object({ configMapRef: z.object({ name: z.string() }) }),
    z.object({ secretRef: z.object({ name: z.string() }) }),
  ]),
  ports: z.tuple([z.object({ name: z.literal("http"), containerPort: z.int() })]),
  startupProbe: Probe,
  livenessProbe: Probe,
  readinessProbe: Probe,
  lifecycle: z
    .object({ preStop: z.object({ exec: z.object({ command: z.tuple([z.literal("sleep"), z.string()]) }) }) })
    .optional(),
  securityContext: z.object({ readOnlyRootFilesystem: z.literal(true) }),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
});
const Named = { metadata: z.object({ name: z.string(), namespace: z.string().optional() }) };
const Deployment = z.object({
  ...Named,
  kind: z.literal("Deployment"),
  spec: z.object({
    replicas: z.int(),
    selector: z.object({ matchLabels: Labels }),
    template: z.object({
      metadata: z.object({ labels: Labels }),
      spec: z.object({
        terminationGracePeriodSeconds: z.int(),
        securityContext: z.object({ runAsUser: z.int(), runAsGroup: z.int() }),
        containers: z.tuple([Container]),
        volumes: z.array(z.object({ name: z.string() })),
      }),
    }),
  }),
});
const Thing = z.discriminatedUnion("kind", [
  Deployment,
  z.object({ ...Named, kind: z.literal("Namespace") }),
  z.object({ ...Named, kind: z.literal("Secret"), stringData: Labels }),
  z.object({ ...Named, kind: z.literal("ConfigMap"), data: Labels }),
  z.object({
    ...Named,
    kind: z.literal("Service"),
    spec: z.object({ selector: Labels, ports: z.array(z.object({ targetPort: z.literal("http") })) }),
  }),
  z.object({
    ...Named,
    kind: z.literal("PodDisruptionBudget"),
    spec: z.object({ minAvailable: z.int(), selector: z.object({ matchLabels: Labels }) }),
  }),
  z.object({ ...Named, kind: z.literal("Ingress") }),
]);
type Thing = z.infer<typeof Thing>;

const text = read("deploy/kubernetes.yaml");
const things = readYaml(text).map((document) => Thing.parse(document));
const all = <K extends Thing["kind"]>(kind: K) =>
  things.filter((thing): thing is Extract<Thing, { kind: K }> => thing.kind === kind);
const one = <K extends Thing["kind"]>(kind: K) => {
  const [first, ...more] = all(kind);
  if (!first || more.length > 0) throw new Error(`There is not one ${kind}.`);
  return first;
};
const image = readDockerfile(read("Dockerfile")).at(-1)?.instructions ?? [];
const deployments = all("Deployment").map((it) => [it.metadata.name, it] as const);

test("everything is in the namespace that the file makes", () => {
  const { name } = one("Namespace").metadata;
  for (const { kind, metadata } of things)
    if (kind !== "Namespace") expect(metadata.namespace, `${kind} ${metadata.name}`).toBe(name);
});

describe.each(deployments)("%s", (name, { spec }) => {
  const { template } = spec;
  const [container] = template.spec.containers;

  const own = Object.fromEntries(container.env.map((entry) => [entry.name, entry.value]));
  const env = { ...one("ConfigMap").data, ...one("Secret").stringData, ...own };

  test("has only settings that the server has, from the ConfigMap and the Secret that are there", () => {
    const known = settingsTable.map((setting) => setting.name);
    expect(Object.keys(env).filter((variable) => !known.includes(variable))).toEqual([]);
    const [config, secrets] = container.envFrom;
    expect(config.configMapRef.name).toBe(one("ConfigMap").metadata.name);
    expect(secrets.secretRef.name).toBe(one("Secret").metadata.name);
  });

  test("has settings that the server starts on, once the secrets are put in", () => {
    const secrets = { ENCRYPTION_KEY: "ab".repeat(32), METRICS_TOKEN: "0123456789abcdef" };
    expect(() => readConfig({ ...env, ...secrets })).not.toThrow();
  });

  test("is asked whether it lives, and whether it can take events, where the image listens", () => {
    expect(image).toContainEqual({ name: "EXPOSE", text: String(container.ports[0].containerPort) });
    expect(container.startupProbe.httpGet.path).toBe("/healthz");
    expect(container.livenessProbe.httpGet.path).toBe("/healthz");
    expect(container.readinessProbe.httpGet.path).toBe("/readyz");
  });

  test("gets the time that what is under way needs", () => {
    const before = Number(container.lifecycle?.preStop.exec.command[1] ?? 0);
    expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThan(DRAIN_SECONDS + before);
    if (name === "flowcatch-web") expect(before).toBeGreaterThan(0);
  });

  test("runs this version, as the image's user, and can write where the image writes", () => {
    expect(container.image).toMatch(new RegExp(`:${VERSION.replaceAll(".", "\\.")}$`));
    const { runAsUser, runAsGroup } = template.spec.securityContext;
    expect(image).toContainEqual({ name: "USER", text: `${runAsUser}:${runAsGroup}` });
    expect(container.volumeMounts.map(({ mountPath }) => mountPath).sort()).toEqual(["/data", "/tmp"]);
    expect(template.spec.volumes.map((volume) => volume.name)).toEqual(
      container.volumeMounts.map((mount) => mount.name),
    );
  });

  test("is told apart from the other, and one of it stays while nodes are emptied", () => {
    expect(template.metadata.labels).toEqual(spec.selector.matchLabels);
    const budgets = all("PodDisruptionBudget").map((budget) => budget.spec);
    expect(budgets).toContainEqual({ minAvailable: 1, selector: spec.selector });
    expect(spec.replicas).toBeGreaterThan(1);
  });
});

test("there are web and worker processes, and only web processes are sent requests", () => {
  const roles = deployments.map(([, { spec }]) => spec.template.spec.containers[0].env);
  expect(roles).toEqual([[{ name: "ROLE", value: "web" }], [{ name: "ROLE", value: "worker" }]]);
  expect(one("Service").spec.selector).toEqual(deployments[0]?.[1].spec.selector.matchLabels);
});

test("holds no secret that would be taken for a real one", () => {
  const { stringData } = one("Secret");
  for (const value of Object.values(stringData)) expect(value).toContain("change-me");
  expect(() => readConfig({ ENCRYPTION_KEY: stringData.ENCRYPTION_KEY })).toThrow("ENCRYPTION_KEY");
});
