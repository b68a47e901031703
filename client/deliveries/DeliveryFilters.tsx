// The controls above the inbox.

import { Verdict } from "../../shared/delivery.ts";
import { ListFilters } from "../runs/ListFilters.tsx";
import type { ChosenDeliveries } from "./delivery-filters.ts";
import { verdictLook } from "./verdict-look.ts";

const verdicts = Verdict.options.map((value) => ({ value, label: verdictLook[value].label }));

export function DeliveryFilters(props: {
  chosen: ChosenDeliveries;
  onChange: (change: Partial<ChosenDeliveries>) => void;
  withFlow: boolean;
}) {
  const { chosen, onChange } = props;
  return (
    <ListFilters
      {...props}
      what="deliveries"
      placeholder="Search in bodies"
      kind={{
        label: "What became of it",
        any: "Any outcome",
        options: verdicts,
        chosen: chosen.verdicts,
        choose: (kinds) => onChange({ verdicts: kinds }),
      }}
      onClear={(cleared) => onChange({ ...cleared, verdicts: [] })}
    />
  );
}
