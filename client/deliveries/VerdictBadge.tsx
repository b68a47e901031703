// What became of a delivery, as a small coloured word.

import type { DeliveryRowView } from "../api/deliveries.ts";
import { Badge } from "../ui/StatusBadge.tsx";
import { verdictLabel, verdictLook } from "./verdict-look.ts";

export function VerdictBadge(props: {
  delivery: Pick<DeliveryRowView, "verdict" | "problem" | "status">;
  large?: boolean;
}) {
  const { delivery, large } = props;
  return <Badge label={verdictLabel(delivery)} tone={verdictLook[delivery.verdict].tone} large={large} />;
}
