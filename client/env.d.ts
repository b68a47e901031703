// What the bundler adds: a module and a constant made at build time.

declare module "virtual:connector-icons" {
  import type { Icon } from "@tabler/icons-react";
  export const icons: Record<string, Icon>;
}

/** The version in package.json. */
declare const __VERSION__: string;
