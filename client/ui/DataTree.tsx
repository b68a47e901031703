// The tree itself, in a chunk of its own.

import { defaultStyles, JsonView } from "react-json-view-lite";
import "react-json-view-lite/dist/index.css";
import classes from "./Data.module.css";

const styles = {
  ...defaultStyles,
  container: classes.tree ?? "",
  label: classes.label ?? "",
  clickableLabel: `${classes.label} ${classes.clickable}`,
  stringValue: classes.string ?? "",
  numberValue: classes.number ?? "",
  booleanValue: classes.word ?? "",
  nullValue: classes.word ?? "",
  undefinedValue: classes.word ?? "",
  otherValue: classes.word ?? "",
  punctuation: classes.mark ?? "",
  basicChildStyle: classes.child ?? "",
  childFieldsContainer: classes.children ?? "",
  expandIcon: `${classes.fold} ${classes.closed}`,
  collapseIcon: `${classes.fold} ${classes.open}`,
  collapsedContent: classes.collapsed ?? "",
};

/** What is small enough to be taken in at a glance starts open; the outermost level always does. */
const SMALL = 12;
const CROWD = 40;

export default function DataTree({ value, what }: { value: object; what: string }) {
  const crowded = sizeOf(value) > CROWD;
  return (
    <JsonView
      data={value}
      style={styles}
      shouldExpandNode={(level, child) => level === 0 || (level === 1 && !crowded && sizeOf(child) <= SMALL)}
      clickToExpandNode
      aria-label={what}
    />
  );
}

function sizeOf(value: unknown): number {
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0;
}
