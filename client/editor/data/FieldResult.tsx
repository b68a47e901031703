// What stands below a field: what is wrong with it, or what its templates give with the data at hand.

import { useDeferredValue } from "react";
import { useDataPlace } from "./data-place.ts";
import classes from "./TemplateField.module.css";
import { showValue } from "./template-pills.ts";
import { lineOf } from "./value-text.ts";

export function FieldResult(props: {
  id: string;
  value: unknown;
  /** As it stands in the field; empty while it is being written. */
  text: string;
  /** What keeps the field from working. */
  fault: string | undefined;
  /** It is empty and must not stay so. */
  wanting: boolean | undefined;
}) {
  const value = useDeferredValue(props.value);
  return (
    <div id={props.id}>
      {props.fault ? (
        <p className={`${classes.below} ${classes.wrong}`}>{props.fault}</p>
      ) : props.text.includes("{{") ? (
        <Result value={value} />
      ) : props.wanting ? (
        <p className={`${classes.below} ${classes.soft}`}>Fill this in before you publish.</p>
      ) : null}
    </div>
  );
}

function Result({ value }: { value: unknown }) {
  const { scope, now } = useDataPlace();
  const shown = showValue(value, scope, now);
  if (!shown.ok) {
    return (
      <p className={`${classes.below} ${classes.soft}`}>
        With the data at hand this finds nothing. {shown.sentence} {shown.hint}
      </p>
    );
  }
  return (
    <p className={`${classes.below} ${classes.preview}`}>
      <span>Gives</span>
      <span className={classes.previewValue}>{lineOf(shown.value, 240)}</span>
    </p>
  );
}
