// `npm run new:connector acme`: writes a connector that works, its test, and its line in the registry.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";

/** What is wrong with the id, or undefined. */
export function whyNotId(id: string): string | undefined {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) && id.length <= 40) {
    return RESERVED.has(id) ? `“${id}” is taken by a file of the kit: choose another id.` : undefined;
  }
  return `“${id}” can't be the id of a connector: lower-case letters, digits and dashes, such as acme or acme-mail.`;
}

const RESERVED = new Set(["kit", "registry", "new-connector", "examples", "conditions"]);

/** "acme-mail" → acmeMail, the name of its constant. */
export function constantOf(id: string): string {
  const word = id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return KEYWORDS.has(word) ? `${word}Connector` : word;
}

// Not free as the name of a constant, or used in the files it stands in.
const KEYWORDS = new Set(
  (
    "await break case catch class const continue debugger default delete do else enum export extends false finally " +
    "for function if implements import in instanceof interface let new null package private protected public return " +
    "static super switch this throw true try typeof var void while with yield arguments eval undefined " +
    "connectors manifests find action connection connector done field z test expect describe"
  ).split(" "),
);

/** "acme-mail" → "Acme Mail" */
export function nameOf(id: string): string {
  return id
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");
}

/** A whole connector to change: one connection, one action, one example. */
export function connectorText(id: string): string {
  const name = nameOf(id);
  return `// ${name}: say in one line what this connector does.

import { z } from "zod";
import { field } from "../../shared/field.ts";
import { action, connection, connector, done, EXAMPLE_KEY } from "./kit.ts";

// 1. What a person has to enter once, to be known to ${name}. Secrets are sealed, and never shown again.
const account = connection({
  help: "In ${name}: open Settings, then “API keys”, and create one.",
  fields: z.object({
    apiKey: field.secret({ label: "API key", help: "Starts with key_.", placeholder: "key_…" }),
  }),
  // Called when the connection is saved. It throws by itself when ${name} answers 401.
  async check({ auth, http }) {
    const { data } = await http.json({
      method: "GET",
      url: \`\${API}/me\`,
      headers: { authorization: \`Bearer \${auth.apiKey}\` },
    });
    const { name } = z.looseObject({ name: z.string() }).parse(data);
    return \`Signed in as \${name}.\`;
  },
});

const API = "https://api.${id}.example/v1";

// 2. One thing it can do.
const createTask = action({
  name: "Create a task",
  description: "Adds a task to a list.",
  connection: account,
  // The form, the checks and the documentation all come from these; docs/connectors.md lists the kinds of field.
  input: z.object({
    title: field.text({
      label: "Title",
      help: "What there is to do.",
      placeholder: "Pack order {{trigger.body.name}}",
    }),
    urgent: field.toggle({ label: "Urgent", help: "Urgent tasks come first.", default: false }),
  }),
  // May it be done again when the server stops in the middle of it?
  //   "safe"      twice is the same as once (it only reads, or it sets)
  //   "with key"  yes: ${name} is sent the same key again, and knows it
  //   "ask"       no: a person decides
  repeat: "with key",
  // Answers below 400 come here. On all others http throws, and the engine retries or fails the step.
  async run({ input, auth, http, key }) {
    const { data } = await http.json({
      method: "POST",
      url: \`\${API}/tasks\`,
      headers: { authorization: \`Bearer \${auth.apiKey}\`, "idempotency-key": key },
      json: { title: input.title, urgent: input.urgent },
    });
    return done(data);
  },
  // 3. A real exchange, shortened. It is the test, the documentation, and the data that later steps can be built with.
  examples: [
    {
      name: "creates an urgent task",
      input: { title: "Pack order #1001", urgent: true },
      auth: { apiKey: "key_123" },
      exchanges: [
        {
          request: {
            method: "POST",
            url: "https://api.${id}.example/v1/tasks",
            headers: { authorization: "Bearer key_123", "idempotency-key": EXAMPLE_KEY },
            body: { title: "Pack order #1001", urgent: true },
          },
          response: { status: 201, body: { id: "task_1", title: "Pack order #1001", urgent: true } },
        },
      ],
      output: { id: "task_1", title: "Pack order #1001", urgent: true },
    },
  ],
});

export const ${constantOf(id)} = connector({
  id: "${id}",
  name: "${name}",
  description: "Say what people use ${name} for.",
  color: "#1c7ed6",
  icon: "plug", // a name of https://tabler.io/icons
  connection: account,
  actions: { createTask },
});
`;
}

/** A test that plays its examples, and shows how to test what an example can't. */
export function testText(id: string): string {
  return `// ${nameOf(id)}: its examples, and what goes wrong.

import { expect, test } from "vitest";
import { actionOf, playAction, playExample } from "../../kit/playback.ts";

const createTask = actionOf("${id}.createTask");

test.each(createTask.examples)("$name", async (example) => {
  await playExample(createTask, example);
});

test("a wrong API key is named", async () => {
  const exchange = {
    request: { method: "POST", url: "https://api.${id}.example/v1/tasks", body: { title: "Pack", urgent: false } },
    response: { status: 401, body: { error: "unknown key" } },
  };
  const played = playAction(createTask, {
    input: { title: "Pack" },
    auth: { apiKey: "key_wrong" },
    exchanges: [exchange],
  });
  await expect(played).rejects.toThrow("401 Unauthorized");
});
`;
}

/** The registry with one more import and one more entry, both in the order of the alphabet or at the end. */
export function addToRegistry(registry: string, id: string): string {
  const constant = constantOf(id);
  const imports = [...registry.matchAll(/^import .* from "\.\/([a-z0-9-]+)\.ts";$/gm)];
  const next = imports.find(([, other = ""]) => other > id);
  const last = imports.at(-1);
  const at = next?.index ?? (last ? last.index + last[0].length + 1 : 0);
  const withImport = `${registry.slice(0, at)}import { ${constant} } from "./${id}.ts";\n${registry.slice(at)}`;
  const list = /(export const connectors: Connector\[\] = \[)([^\]]*)\]/;
  if (!list.test(withImport))
    throw new Error("registry.ts has no list “connectors” any more: add the line by hand.");
  return withImport.replace(list, (_, start: string, entries: string) => {
    const names = entries
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "");
    const line = `${start}${[...names, constant].join(", ")}]`;
    return line.length <= 109 ? line : `${start}\n  ${[...names, constant].join(",\n  ")},\n]`;
  });
}

/** Does it in the repository at `root`, and gives the paths it wrote; a sentence says why it did not. */
export function createConnector(root: string, id: string): { written: string[] } | { refused: string } {
  const refused = whyNotId(id);
  if (refused !== undefined) return { refused };
  const source = join("server", "connectors", `${id}.ts`);
  const testPath = join("test", "server", "connectors", `${id}.test.ts`);
  const registry = join("server", "connectors", "registry.ts");
  for (const path of [source, testPath]) {
    if (existsSync(join(root, path)))
      return { refused: `${path} is there already: change that file, or choose another id.` };
  }
  const edited = addToRegistry(readFileSync(join(root, registry), "utf8"), id);
  writeFileSync(join(root, source), connectorText(id), { flag: "wx" });
  writeFileSync(join(root, testPath), testText(id), { flag: "wx" });
  writeFileSync(join(root, registry), edited);
  return { written: [source, testPath, registry] };
}

const HELP = `Writes a connector that works, its test, and its line in the registry.

  npm run new:connector <id>

  <id>    lower-case letters, digits and dashes, such as acme or acme-mail

docs/connectors.md explains the rest.
`;

function main(words: string[]): void {
  const [id, more] = words;
  if (words.includes("--help") || words.includes("-h")) {
    process.stdout.write(HELP);
    return;
  }
  if (id === undefined || more !== undefined) {
    console.error(
      id === undefined
        ? "Name it: npm run new:connector acme"
        : `Name one at a time, without spaces: npm run new:connector ${id}`,
    );
    process.exitCode = 1;
    return;
  }
  const result = createConnector(join(import.meta.dirname, "..", ".."), id);
  if ("refused" in result) {
    console.error(result.refused);
    process.exitCode = 1;
    return;
  }
  console.log(`Wrote
${result.written.map((path) => `  ${path}`).join("\n")}

Next
  1. server/connectors/${id}.ts: change the fields, run, and the example (paste a real exchange)
  2. npm test -- ${id}
  3. npm run check

docs/connectors.md explains the rest.`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main(process.argv.slice(2));
