// Settings: access for programs, and what this installation is.

import { Stack } from "@mantine/core";
import { Page } from "../ui/Page.tsx";
import { About } from "./About.tsx";
import { Tokens } from "./Tokens.tsx";

export function SettingsPage() {
  return (
    <Page title="Settings">
      <Stack gap="md" maw={820}>
        <Tokens />
        <About />
      </Stack>
    </Page>
  );
}
