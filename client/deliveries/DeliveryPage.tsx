// One delivery: what became of it and what to do next, then the request as it came, raw and as it was read.

import { Anchor, Skeleton } from "@mantine/core";
import { Link, useParams } from "react-router";
import { useDelivery } from "../api/deliveries.ts";
import { Ago } from "../ui/Ago.tsx";
import { Card } from "../ui/Card.tsx";
import { CodeBlock } from "../ui/CodeBlock.tsx";
import { LoadFailed } from "../ui/LoadFailed.tsx";
import { Page } from "../ui/Page.tsx";
import { bytesText } from "../ui/time.ts";
import { DeliveryActions } from "./DeliveryActions.tsx";
import { DeliveryBody } from "./DeliveryBody.tsx";
import { DeliveryNews } from "./DeliveryNews.tsx";
import classes from "./DeliveryPage.module.css";
import { Headers } from "./Headers.tsx";
import { VerdictBadge } from "./VerdictBadge.tsx";

const back = { to: "/deliveries", label: "Inbox" };

export function DeliveryPage() {
  const { deliveryId = "" } = useParams();
  const { data: delivery, error, refetch } = useDelivery(deliveryId);
  if (error && !delivery) {
    return (
      <Page title="Delivery" heading={null} back={back}>
        <LoadFailed error={error} again={() => void refetch()} />
      </Page>
    );
  }
  if (!delivery) {
    return (
      <Page title="Delivery" back={back} sub={<Skeleton height={26} width={260} />}>
        <Skeleton height={480} radius="lg" />
      </Page>
    );
  }
  return (
    <Page
      title={`Delivery to ${delivery.flowName}`}
      heading={
        <h1 className={classes.heading}>
          Delivery to{" "}
          <Anchor component={Link} to={`/flows/${delivery.flowId}/inbox`} inherit c="inherit">
            {delivery.flowName}
          </Anchor>
        </h1>
      }
      back={back}
      sub={
        <div className={classes.standing}>
          <VerdictBadge delivery={delivery} large />
          <span>
            Came <Ago at={delivery.at} />
            {delivery.from === null ? "" : ` from ${delivery.from}`}
          </span>
          <span className="tabular">{delivery.bytes === 0 ? "No body" : bytesText(delivery.bytes)}</span>
          <span className="tabular">Answered {delivery.status}</span>
        </div>
      }
    >
      <div className={classes.parts}>
        <DeliveryNews delivery={delivery} />
        <DeliveryActions delivery={delivery} key={delivery.id} />
        <DeliveryBody delivery={delivery} />
        <Card title="Request">
          {delivery.url !== "" && (
            <>
              <h3 className={classes.label}>{delivery.method} to the address</h3>
              {/* What is masked was written as an address writes it. */}
              <CodeBlock text={delivery.url.replaceAll("%E2%80%A2", "•")} what="Address" wrap />
            </>
          )}
          <h3 className={classes.label}>Headers</h3>
          <Headers headers={delivery.headers} />
        </Card>
      </div>
    </Page>
  );
}
