// The list before the first flow: what a flow is, and the three moves to one that runs.

import { Button, Group } from "@mantine/core";
import { IconLayoutGrid, IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import classes from "./NoFlows.module.css";

const moves = [
  {
    title: "Create a flow",
    text: "Give it a name. It gets a catch URL: an address of its own that nobody can guess.",
  },
  {
    title: "Send something to it",
    text: "Paste the catch URL where your shop, form or payment provider asks for a webhook. What arrives shows up here at once.",
  },
  {
    title: "Say what happens next",
    text: "Add steps: call an API, send an e-mail, post to a chat. Publish, and from then on every event becomes a run you can look into.",
  },
];

export function NoFlows({ onCreate, children }: { onCreate: () => void; children?: ReactNode }) {
  return (
    <section className={classes.panel} aria-labelledby="first-flow">
      <Picture />
      <h2 id="first-flow" className={classes.title}>
        Catch your first event
      </h2>
      <p className={classes.text}>
        A flow waits for something to happen somewhere else and then does what you would do by hand.
      </p>
      <ol className={classes.moves}>
        {moves.map((move, index) => (
          <li key={move.title} className={classes.move}>
            <span className={classes.number} aria-hidden="true">
              {index + 1}
            </span>
            <div>
              <h3 className={classes.name}>{move.title}</h3>
              <p className={classes.about}>{move.text}</p>
            </div>
          </li>
        ))}
      </ol>
      <Group justify="center" gap="sm">
        <Button size="md" leftSection={<IconPlus size={17} aria-hidden="true" />} onClick={onCreate}>
          Create your first flow
        </Button>
        <Button
          component={Link}
          to="/templates"
          size="md"
          variant="default"
          leftSection={<IconLayoutGrid size={17} aria-hidden="true" />}
        >
          Start from a template
        </Button>
        {children}
      </Group>
    </section>
  );
}

/** Something falls, is caught, and goes on two ways. */
function Picture() {
  return (
    <svg viewBox="0 0 320 92" className={classes.picture} aria-hidden="true" focusable="false">
      <g fill="none" stroke="var(--line-strong)" strokeWidth="2">
        <path d="M112 46h38" />
        <path d="M210 46h14c12 0 12-22 24-22h8" />
        <path d="M210 46h14c12 0 12 22 24 22h8" />
      </g>
      <g fill="var(--card-raised)" stroke="var(--line-strong)" strokeWidth="1.5">
        <rect x="150" y="28" width="60" height="36" rx="10" />
        <rect x="256" y="8" width="52" height="32" rx="9" />
        <rect x="256" y="52" width="52" height="32" rx="9" />
      </g>
      <rect x="60" y="20" width="52" height="52" rx="14" fill="var(--mantine-primary-color-filled)" />
      <path
        d="M73 42v3a12 12 0 0 0 12 12h2a12 12 0 0 0 12-12v-3"
        fill="none"
        stroke="var(--card)"
        strokeWidth="4.5"
        strokeLinecap="round"
      />
      <circle cx="86" cy="39" r="6.5" fill="#ffb454" />
      <circle cx="86" cy="10" r="3.5" fill="#ffb454" opacity=".5" />
      <rect x="164" y="42" width="32" height="8" rx="4" fill="var(--line-strong)" />
      <rect x="268" y="20" width="28" height="8" rx="4" fill="var(--green-line)" opacity=".75" />
      <rect x="268" y="64" width="28" height="8" rx="4" fill="var(--blue-line)" opacity=".75" />
    </svg>
  );
}
