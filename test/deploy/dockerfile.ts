// Builds what the Dockerfile says without a container engine: each stage is a folder, and its commands run there for
// real. It knows the instructions that the Dockerfile has, and refuses any other.

import { spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, delimiter, join, relative, resolve } from "node:path";
import { settingsTable } from "../../server/config.ts";

export interface Instruction {
  name: string;
  text: string;
}

export interface Stage {
  base: string;
  /** Its name after AS; the last has none. */
  name: string;
  instructions: Instruction[];
}

export interface Image {
  /** What is `/` in the image. */
  root: string;
  /** Absolute, on this machine. */
  workdir: string;
  env: Record<string, string>;
  command: string[];
  healthcheck: string[];
  stopSignal: string;
  user: string;
  /** What a command of the image is started with on this machine. */
  environment(more?: Record<string, string>): Record<string, string>;
}

/** The stages of a Dockerfile, comments and line ends resolved. */
export function readDockerfile(text: string): Stage[] {
  const stages: Stage[] = [];
  const whole = text.replace(/^#.*\n/gm, "").replace(/\\\n\s*/g, " ");
  for (const line of whole.split("\n").filter((line) => line.trim() !== "")) {
    const [, name = "", rest = ""] = /^([A-Z]+) +(.*)$/.exec(line) ?? [];
    if (name === "") throw new Error(`No instruction: ${line}`);
    if (name === "FROM") {
      const [base = "", , as = ""] = rest.split(" ");
      stages.push({ base, name: as, instructions: [] });
    } else stages.at(-1)?.instructions.push({ name, text: rest.trim() });
  }
  return stages;
}

/** Builds the Dockerfile of `context` in `scratch`, an empty folder; gives its last stage. */
export async function buildImage(context: string, scratch: string): Promise<Image> {
  const ignored = readIgnored(join(context, ".dockerignore"));
  const tools = makeTools(join(scratch, "tools"));
  const stages = readDockerfile(readFileSync(join(context, "Dockerfile"), "utf8"));
  const built = new Map<string, Image>();
  let last: Image | undefined;
  for (const [index, { base, name, instructions }] of stages.entries()) {
    const root = join(scratch, name || `stage-${index}`);
    mkdirSync(root);
    if (base.startsWith("node:")) bringNode(root);
    const image = emptyImage(root, tools);
    for (const instruction of instructions) await follow(image, instruction, { context, ignored, built });
    if (name) built.set(name, image);
    last = image;
  }
  if (!last) throw new Error("The Dockerfile has no stage.");
  return last;
}

function emptyImage(root: string, tools: string): Image {
  const env: Record<string, string> = {};
  const outside = environmentOf(process.env);
  return {
    root,
    workdir: root,
    env,
    command: [],
    healthcheck: [],
    stopSignal: "SIGTERM",
    user: "",
    environment: (more) => ({
      ...outside,
      PATH: [join(root, NODE_FOLDER), tools, outside.PATH].join(delimiter),
      ...env,
      ...more,
    }),
  };
}

interface Around {
  context: string;
  ignored(path: string): boolean;
  built: Map<string, Image>;
}

async function follow(image: Image, { name, text }: Instruction, around: Around): Promise<void> {
  switch (name) {
    case "WORKDIR":
      image.workdir = inImage(image, text);
      mkdirSync(image.workdir, { recursive: true });
      return;
    case "ENV":
      for (const [, key = "", value = ""] of text.matchAll(/(\w+)=(\S*)/g))
        image.env[key] = here(image, value);
      return;
    case "COPY":
      return copy(image, text, around);
    case "RUN":
      return run(image, text);
    case "USER":
      image.user = text;
      return;
    case "STOPSIGNAL":
      image.stopSignal = text;
      return;
    case "HEALTHCHECK":
      image.healthcheck = JSON.parse(text.replace(/^.*? CMD /, ""));
      return;
    case "CMD":
      image.command = JSON.parse(text);
      return;
    case "LABEL":
    case "VOLUME":
    case "EXPOSE":
      return;
    default:
      throw new Error(`The Dockerfile has an instruction that this test does not know: ${name}`);
  }
}

function copy(image: Image, text: string, { context, ignored, built }: Around): void {
  const words = text.split(" ");
  const from = words[0]?.startsWith("--from=") ? words.shift()?.slice("--from=".length) : undefined;
  const stage = from === undefined ? undefined : built.get(from);
  if (from !== undefined && !stage) throw new Error(`COPY names a stage that is not there: ${from}`);
  const target = words.pop() ?? "";
  const to = inImage(image, target);
  for (const word of words) {
    const source = stage ? inImage(stage, word) : join(context, word);
    const isFolder = statSync(source).isDirectory();
    if (!isFolder && words.length > 1 && !target.endsWith("/"))
      throw new Error(`COPY needs a folder: ${text}`);
    cpSync(source, isFolder || !target.endsWith("/") ? to : join(to, basename(source)), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => stage !== undefined || !ignored(relative(context, path)),
    });
  }
}

async function run(image: Image, text: string): Promise<void> {
  // A registry that stops in the middle of an answer is asked a second time.
  const attempts = text.startsWith("npm ci") ? 2 : 1;
  for (let attempt = 1; ; attempt++) {
    const { code, output } = await shell(image, here(image, text));
    if (code === 0) return;
    if (attempt === attempts) throw new Error(`RUN ${text}\nended with ${code}:\n${output}`);
  }
}

const RUN_MS = 300_000;

function shell(image: Image, command: string): Promise<{ code: number | null; output: string }> {
  return new Promise((done, failed) => {
    const child = spawn("/bin/sh", ["-c", command], {
      cwd: image.workdir,
      env: image.environment(),
      stdio: ["ignore", "pipe", "pipe"],
      // a group of its own, so that whatever it began can be ended with it
      detached: true,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    const timer = setTimeout(() => child.pid && process.kill(-child.pid, "SIGKILL"), RUN_MS);
    child.on("error", failed);
    child.on("close", (code) => {
      clearTimeout(timer);
      done({ code, output });
    });
  });
}

/** The folder on this machine that a path of the image is. */
function inImage(image: Image, path: string): string {
  return path.startsWith("/") ? join(image.root, path) : resolve(image.workdir, path);
}

/** The same text, with the image's own folders where they are on this machine. */
function here(image: Image, text: string): string {
  return text.replace(/(?<=^|[\s=])\/(?=(app|data)\b)/g, `${image.root}/`);
}

/** Whether `.dockerignore` keeps a path out: the last line that fits it or a folder above it counts. */
function readIgnored(file: string): (path: string) => boolean {
  const lines = readFileSync(file, "utf8").split("\n");
  const rules = lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const pattern = line
        .replace(/^!/, "")
        .replace(/[.+?^$(){}|[\]]/g, "\\$&")
        .replaceAll("*", "[^/]*");
      return { out: !line.startsWith("!"), fits: new RegExp(`^${pattern}(/|$)`) };
    });
  return (path) => rules.findLast(({ fits }) => fits.test(path))?.out ?? false;
}

/** There is one user here, and no Node but the image's own. */
function makeTools(folder: string): string {
  mkdirSync(folder);
  for (const [name, text] of [
    ["chown", "#!/bin/sh\n"],
    ["node", "#!/bin/sh\necho There is no Node in this image. >&2\nexit 127\n"],
  ] as const) {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

const NODE_FOLDER = "usr/local/bin";

/** As the official image has it. */
function bringNode(root: string): void {
  mkdirSync(join(root, NODE_FOLDER), { recursive: true });
  symlinkSync(process.execPath, join(root, NODE_FOLDER, "node"));
}

/** What a build may know of this machine: how the network is reached, and nothing of this run of tests. */
function environmentOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const ours = new Set(settingsTable.map(({ name }) => name));
  const kept = Object.entries(env).filter(
    ([name]) => !ours.has(name) && !/^(npm_|NODE_|VITE|TEST$|PROD$|DEV$|MODE$|BASE_URL$)/.test(name),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, value ?? ""]));
}

/** What the files of a folder weigh, in millions of bytes. */
export function weightOf(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return files.reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0) / 1e6;
}
