// Keys as they are printed on a keyboard.

import { keyCaps } from "./actions/keys.ts";
import classes from "./TopBar.module.css";

export function KeyCaps({ keys }: { keys: string }) {
  return (
    <span className={classes.keys}>
      {keyCaps(keys).map((cap) => (
        <kbd key={cap} className={classes.cap}>
          {cap}
        </kbd>
      ))}
    </span>
  );
}
