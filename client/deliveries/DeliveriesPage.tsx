// The inbox: everything that reached the catch URLs of all flows.

import { Page } from "../ui/Page.tsx";
import { DeliveryList } from "./DeliveryList.tsx";

export function DeliveriesPage() {
  return (
    <Page title="Inbox" sub="Every request that reached a catch URL, and what became of it">
      <DeliveryList />
    </Page>
  );
}
