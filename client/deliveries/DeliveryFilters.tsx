// The controls above the inbox.

import { MultiSelect } from "@mantine/core";
import { Verdict } from "../../shared/delivery.ts";
import listClasses from "../runs/ListFilters.module.css";
import { ListFilters } from "../runs/ListFilters.tsx";
import { NOT_PLACED } from "../runs/run-filters.ts";
import { type ChosenDeliveries, isDeliveriesFiltered } from "./delivery-filters.ts";
import { VERDICTS, verdictLook } from "./verdict-look.ts";

const verdicts = VERDICTS.map((verdict) => ({ value: verdict, label: verdictLook[verdict].label }));

export function DeliveryFilters(props: {
  chosen: ChosenDeliveries;
  onChange: (change: Partial<ChosenDeliveries>) => void;
  withFlow: boolean;
}) {
  const { chosen, onChange, withFlow } = props;
  const flowId = withFlow ? "" : chosen.flowId;
  return (
    <ListFilters
      chosen={chosen}
      onChange={onChange}
      what="deliveries"
      placeholder="Search in bodies"
      withFlow={withFlow}
      onClear={
        isDeliveriesFiltered(withFlow ? chosen : { ...chosen, flowId: "" })
          ? () => onChange({ ...NOT_PLACED, flowId, verdicts: [] })
          : undefined
      }
    >
      <MultiSelect
        className={listClasses.kind}
        aria-label="What became of it"
        placeholder={chosen.verdicts.length === 0 ? "Any outcome" : undefined}
        clearable
        data={verdicts}
        value={chosen.verdicts}
        onChange={(values) =>
          onChange({
            verdicts: values.flatMap((value) => {
              const verdict = Verdict.safeParse(value);
              return verdict.success ? [verdict.data] : [];
            }),
          })
        }
      />
    </ListFilters>
  );
}
