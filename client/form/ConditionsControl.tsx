// Conditions: rules of a value, a comparison in words, and what it is compared with; all or any of them must hold.

import { ActionIcon, Button, SegmentedControl, Select } from "@mantine/core";
import { IconCheck, IconPlus, IconTrash, IconX } from "@tabler/icons-react";
import type { ConditionOperator } from "../../shared/field.ts";
import {
  conditionsOf,
  NEW_RULE,
  OPERATORS,
  operatorWords,
  type RuleShown,
  takesRight,
  withOperator,
} from "./condition-words.ts";
import type { ControlProps } from "./control.ts";
import { Frame } from "./Frame.tsx";
import { useFormPlace } from "./form-place.ts";
import classes from "./RowsControl.module.css";
import { Written } from "./Written.tsx";

export function ConditionsControl(props: ControlProps) {
  return (
    <Frame control={props}>
      <ConditionRows
        label={props.field.label}
        placeholder={props.field.placeholder}
        path={props.path}
        value={props.value ?? props.field.default}
        onChange={props.onChange}
      />
    </Frame>
  );
}

export function ConditionRows(props: {
  label: string;
  /** In the box of what is looked at. */
  placeholder?: string | undefined;
  path: string;
  value: unknown;
  onChange: (value: unknown) => void;
}) {
  const { label, path } = props;
  const { match, rules } = conditionsOf(props.value);
  const change = (next: RuleShown[]) => props.onChange({ match, rules: next });
  const holds = useFormPlace()?.holds(props.value);
  const options = OPERATORS.map(({ group, items }) => ({ group, items }));
  return (
    <div className={classes.rows}>
      {rules.length > 1 && (
        <SegmentedControl
          size="xs"
          aria-label={`${label}: how many must hold`}
          value={match}
          onChange={(next) => props.onChange({ match: next, rules })}
          data={[
            { value: "all", label: "All of these hold" },
            { value: "any", label: "Any of these holds" },
          ]}
        />
      )}
      {rules.map((rule, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a rule is its place; all of its state is in the value
        <div key={index}>
          {index > 0 && <p className={classes.between}>{match === "all" ? "and" : "or"}</p>}
          <div className={classes.row}>
            <div className={classes.cells}>
              <Written
                label={`${label}: value ${index + 1}`}
                placeholder={props.placeholder ?? "Data to look at: type {{"}
                path={`${path}.rules.${index}.left`}
                value={rule.left ?? ""}
                onChange={(left) => change(put(rules, index, { ...rule, left }))}
              />
              <Select
                aria-label={`${label}: comparison ${index + 1}`}
                data={options}
                value={rule.op}
                allowDeselect={false}
                searchable
                maxDropdownHeight={320}
                checkIconPosition="right"
                onChange={(op) => op && change(put(rules, index, withOperator(rule, operatorOf(op))))}
              />
              {takesRight(rule.op) && (
                <Written
                  label={`${label}: compared with ${index + 1}`}
                  placeholder={rule.op === "in" ? "DE, FR, NL" : "What it is compared with"}
                  path={`${path}.rules.${index}.right`}
                  value={rule.right ?? ""}
                  onChange={(right) => change(put(rules, index, { ...rule, right }))}
                />
              )}
            </div>
            {rules.length > 1 && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`${label}: remove condition ${index + 1} (${operatorWords(rule.op)})`}
                onClick={() => change(rules.filter((_, at) => at !== index))}
              >
                <IconTrash size={16} />
              </ActionIcon>
            )}
          </div>
        </div>
      ))}
      <Button
        variant="default"
        size="compact-sm"
        w="fit-content"
        leftSection={<IconPlus size={14} aria-hidden="true" />}
        onClick={() => change([...rules, NEW_RULE])}
      >
        Add a condition
      </Button>
      {holds !== undefined && (
        <p className={classes.verdict} data-holds={holds}>
          {holds ? <IconCheck size={14} aria-hidden="true" /> : <IconX size={14} aria-hidden="true" />}
          {holds ? "Holds" : "Does not hold"} with the data at hand
        </p>
      )}
    </div>
  );
}

function put(rules: RuleShown[], index: number, rule: RuleShown): RuleShown[] {
  return rules.map((one, at) => (at === index ? rule : one));
}

function operatorOf(text: string): ConditionOperator {
  return conditionsOf({ rules: [{ op: text }] }).rules[0]?.op ?? "equals";
}
