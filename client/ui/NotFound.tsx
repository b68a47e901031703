// An address that leads nowhere, and an error that nothing else caught.

import { Button } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import { Link, useRouteError } from "react-router";
import { Empty } from "./Empty.tsx";
import { Page } from "./Page.tsx";

export function NotFound() {
  return (
    <Page title="Not found" heading={null}>
      <Empty
        icon={<IconMapOff size={24} />}
        title="There is nothing at this address"
        text="It may have been deleted, or the address has a letter too many."
      >
        <Button component={Link} to="/" variant="default">
          Go to your flows
        </Button>
      </Empty>
    </Page>
  );
}

export function Crashed() {
  const error = useRouteError();
  const stale = error instanceof TypeError && /dynamically imported module/i.test(error.message);
  return (
    <Page title="Something went wrong" heading={null}>
      <Empty
        title={stale ? "Flowcatch was updated" : "This page stopped working"}
        text={
          stale
            ? "This page belongs to the version before. Load it again to go on."
            : `Nothing you saved is lost. Load the page again; if it happens again, tell the maintainers what it says: ${error instanceof Error ? error.message : String(error)}`
        }
      >
        <Button onClick={() => location.reload()}>Load the page again</Button>
      </Empty>
    </Page>
  );
}
