// A real browser for tests: Debian's Chromium, with an ear for every error on the console and every breach of the CSP.

import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** Git does not keep it. */
const ARTIFACTS = fileURLToPath(new URL("../artifacts/", import.meta.url));

const ARGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface View {
  width?: number;
  height?: number;
  dark?: boolean;
  /** Cookies and storage of another view, so that it need not sign in again. */
  like?: Screen;
}

/** One page of a context of its own. */
export interface Screen {
  page: Page;
  context: BrowserContext;
  /** What went wrong on it so far. */
  complaints: string[];
  /** A picture for people, in test/artifacts. */
  shot(name: string, options?: { whole?: boolean }): Promise<void>;
}

export interface TestBrowser {
  open(view?: View): Promise<Screen>;
  /** Everything that any screen complained of. */
  complaints(): string[];
  close(): Promise<void>;
}

export const hasChromium = existsSync(CHROMIUM);

export async function startBrowser(): Promise<TestBrowser> {
  if (!hasChromium) {
    throw new Error(
      `There is no browser at ${CHROMIUM}. Install it (apt-get install chromium) or set CHROMIUM.`,
    );
  }
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
  const screens: Screen[] = [];
  return {
    async open(view = {}) {
      const screen = await openScreen(browser, view);
      screens.push(screen);
      return screen;
    },
    complaints: () => screens.flatMap((screen) => screen.complaints),
    close: () => browser.close(),
  };
}

async function openScreen(browser: Browser, view: View): Promise<Screen> {
  const { width = 1440, height = 900, dark = false, like } = view;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    ...(like ? { storageState: await like.context.storageState() } : {}),
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const complaints: string[] = [];

  await context.exposeFunction("reportBreach", (text: string) => complaints.push(`CSP: ${text}`));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (breach) => {
      const report: unknown = Reflect.get(window, "reportBreach");
      if (typeof report === "function") {
        report(
          `${breach.violatedDirective} forbids ${breach.blockedURI || "inline"} (${breach.sourceFile}:${breach.lineNumber})`,
        );
      }
    });
  });
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !isRefusal(message.text()))
      complaints.push(`console: ${message.text()}`);
  });
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });

  return {
    page,
    context,
    complaints,
    async shot(name, options = {}) {
      mkdirSync(ARTIFACTS, { recursive: true });
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({ path: join(ARTIFACTS, `${name}.png`), fullPage: options.whole ?? false });
    },
  };
}

/** Chromium reports each 4xx on the console; the API uses them to say no, and the page handles that. */
function isRefusal(text: string): boolean {
  return /^Failed to load resource: the server responded with a status of 4\d\d/.test(text);
}
