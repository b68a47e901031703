// All runs of all flows.

import { Page } from "../ui/Page.tsx";
import { RunList } from "./RunList.tsx";

export function RunsPage() {
  return (
    <Page title="Runs" sub="Every event that a live flow took, and what became of it">
      <RunList />
    </Page>
  );
}
