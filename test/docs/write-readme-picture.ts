// Takes the README's picture, of the demonstration's flow on a running copy: `node test/docs/write-readme-picture.ts`.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startBrowser } from "../kit/browser.ts";

const PICTURE = fileURLToPath(new URL("../../docs/flow.png", import.meta.url));
const demo = spawn(process.execPath, [fileURLToPath(new URL("../demo/demo.ts", import.meta.url))], {
  stdio: ["ignore", "pipe", "inherit"],
});
let told = "";
for await (const chunk of demo.stdout) {
  told += chunk;
  if (told.includes("Ctrl-C")) break;
}
const url = /Look at it: +(\S+)/.exec(told)?.[1] ?? "";
const [, email = "", password = ""] = /Sign in: +(\S+) +(\S+)/.exec(told) ?? [];

const browser = await startBrowser();
const { page } = await browser.open({ width: 1360, height: 900 });
await page.goto(url);
await page.getByLabel("E-mail").fill(email);
await page.getByLabel("Password", { exact: true }).fill(password);
await page.getByRole("button", { name: "Sign in" }).click();
await page.getByText("Order paid").first().click();
await page.getByText("Tell the team").waitFor();
await page.goto(`${page.url()}/edit?run=latest&step=email`);
await page.getByText("Succeeded").first().waitFor();
await page.waitForTimeout(1_500);
await page.screenshot({ path: PICTURE });
await browser.close();
demo.kill("SIGTERM");
await once(demo, "exit");
