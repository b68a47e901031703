// A row that opens: icon, words and a figure, and below it what it holds.

import { UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import classes from "./StepList.module.css";

export function Opener(props: {
  icon: ReactNode;
  name: string;
  does: string;
  figure: ReactNode;
  /** Opens it, and brings it into view when it becomes true. */
  selected: boolean;
  /** Opens it: what is chosen lies within. */
  holdsSelected?: boolean;
  startOpen: boolean;
  children: ReactNode;
}) {
  const [toggled, setToggled] = useState<boolean>();
  const open = toggled ?? (props.startOpen || props.selected || props.holdsSelected === true);
  const id = useId();
  const place = useRef<HTMLDivElement>(null);
  const { selected, holdsSelected } = props;

  useEffect(() => {
    if (!selected) return;
    setToggled(undefined);
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    place.current?.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
  }, [selected]);

  useEffect(() => {
    if (holdsSelected) setToggled(undefined);
  }, [holdsSelected]);

  return (
    <div ref={place} className={classes.opener} data-selected={selected || undefined}>
      <UnstyledButton
        className={classes.head}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setToggled(!open)}
      >
        {props.icon}
        <span className={classes.words}>
          <span className={classes.name}>{props.name}</span>
          <span className={`${classes.does} clip`}>{props.does}</span>
        </span>
        <span className={classes.figure}>{props.figure}</span>
        <IconChevronRight
          size={16}
          className={classes.chevron}
          data-open={open || undefined}
          aria-hidden="true"
        />
      </UnstyledButton>
      <div id={id} hidden={!open} className={classes.inside}>
        {open && props.children}
      </div>
    </div>
  );
}
