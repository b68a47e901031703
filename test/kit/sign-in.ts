// Signing in on a page, as a person does.

import type { Screen } from "./browser.ts";
import { OWNER } from "./process.ts";

export async function signInOn({ page }: Screen, url: string, account = OWNER): Promise<void> {
  await page.goto(url);
  await page.getByLabel("E-mail address").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("navigation", { name: "Main" }).waitFor();
}
