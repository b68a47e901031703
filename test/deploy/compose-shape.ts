// What the two compose files may say, after the Compose Specification: the keys that they use, each with its form. A key
// that is not here, misspelled or new, is refused.

import { z } from "zod";
import { isMap, readYaml, type Yaml } from "./plain-yaml.ts";

const Duration = z.string().regex(/^(\d+(us|ms|s|m|h))+$/);
const Name = z.string().regex(/^[a-zA-Z0-9._-]+$/);
const Port = z
  .string()
  .regex(/^(\d+\.\d+\.\d+\.\d+:)?\d{1,5}:\d{1,5}(\/(tcp|udp))?$/, "quoted, as published:inside");

const Service = z.strictObject({
  image: z.string(),
  build: z.literal(".").optional(),
  command: z.array(z.string()).optional(),
  restart: z.enum(["no", "always", "on-failure", "unless-stopped"]),
  stop_grace_period: Duration.optional(),
  ports: z.array(Port).optional(),
  // a number or a yes would be another value in the container than it looks like here
  environment: z.record(z.string(), z.string()),
  volumes: z.array(z.string().regex(/^[\w./-]+:\/[\w./-]+(:ro)?$/)).optional(),
  tmpfs: z.array(z.string()).optional(),
  networks: z.array(Name).optional(),
  depends_on: z
    .record(
      Name,
      z.strictObject({
        condition: z.enum(["service_started", "service_healthy", "service_completed_successfully"]),
      }),
    )
    .optional(),
  healthcheck: z
    .strictObject({
      test: z.tuple([z.enum(["CMD", "CMD-SHELL"])], z.string()),
      interval: Duration,
      timeout: Duration,
      retries: z.int(),
      start_period: Duration,
    })
    .optional(),
  deploy: z.strictObject({ replicas: z.int().min(1) }).optional(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
});
export type Service = z.infer<typeof Service>;

const Compose = z
  .looseObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/),
    services: z.record(Name, Service),
    networks: z.record(Name, z.strictObject({ internal: z.boolean().optional() })).default({}),
    volumes: z.record(Name, z.strictObject({})),
  })
  .refine(
    (file) => Object.keys(file).every((key) => /^(name|services|networks|volumes|x-.*)$/.test(key)),
    "no such key at the top",
  );
export type Compose = z.infer<typeof Compose>;

/**
 * Reads a compose file, with the settings of an env file put in. Throws where it is not of that shape, names something
 * that it does not have, or asks for a setting that must be there.
 */
export function readCompose(text: string, settings: Record<string, string>): Compose {
  const compose = Compose.parse(withSettings(readYaml(text)[0] ?? null, settings));
  for (const [name, service] of Object.entries(compose.services)) {
    const named = {
      services: Object.keys(service.depends_on ?? {}),
      networks: service.networks ?? [],
      volumes: (service.volumes ?? []).filter((v) => !v.startsWith(".")).map((v) => v.split(":")[0] ?? ""),
    };
    for (const kind of ["services", "networks", "volumes"] as const)
      for (const other of named[kind])
        if (!Object.hasOwn(compose[kind], other))
          throw new Error(`The service ${name} names ${other}, which is not among the ${kind}.`);
  }
  return compose;
}

/** As compose does it: after reading, so that a value stays one text whatever is in it. */
function withSettings(value: Yaml, settings: Record<string, string>): Yaml {
  if (Array.isArray(value)) return value.map((item) => withSettings(item, settings));
  if (isMap(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, withSettings(inner, settings)]),
    );
  if (typeof value !== "string") return value;
  return value.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, sign?: string, rest = "") => {
    const set = settings[name] ?? "";
    if (set === "" && sign === "?") throw new Error(rest);
    return set === "" && sign === "-" ? rest : set;
  });
}

/** The names and values of an env file. */
export function readEnvFile(text: string): Record<string, string> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^([A-Z_]+)=(\S*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) throw new Error(`This is no setting: ${line}`);
      return [name, value];
    }),
  );
}
