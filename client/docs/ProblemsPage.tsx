// What every problem code means and what to do about it: the page that the address in a problem's `type` leads to.

import { Anchor, Badge } from "@mantine/core";
import { useEffect } from "react";
import { Link, useLocation } from "react-router";
import { CODE_GROUPS, PROBLEM_CODES } from "../../shared/problem-codes.ts";
import type { CodeEntry, CodeGroup } from "../../shared/problem-codes-kit.ts";
import { Card } from "../ui/Card.tsx";
import { Wordmark } from "../ui/Logo.tsx";
import { Page } from "../ui/Page.tsx";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import classes from "./ProblemsPage.module.css";

/** Stands outside the frame of the app: a program's maker who follows the address may have no account here. */
export function ProblemsPage() {
  const { hash, key } = useLocation();
  const here = hash.slice(1);
  const isStray = here !== "" && !Object.hasOwn(PROBLEM_CODES, here) && !isGroup(here);

  // biome-ignore lint/correctness/useExhaustiveDependencies: following the same address again leads there again
  useEffect(() => {
    const target = here === "" ? null : document.getElementById(here);
    target?.scrollIntoView({ block: "start" });
    target?.focus({ preventScroll: true });
  }, [here, key]);

  return (
    <main className={classes.main}>
      <Link to="/" aria-label="Flowcatch, to your flows" className={classes.home}>
        <Wordmark size={26} />
      </Link>
      <Page
        title="Problems"
        sub="Everything that can go wrong has a code. This is what each one means, and what to do about it."
      >
        {isStray && (
          <ProblemNote
            tone="amber"
            sentence={`There is no code “${here.slice(0, 80)}” in this version of Flowcatch.`}
            hint="It may be misspelled, or from another version."
          />
        )}
        <nav aria-label="Groups of codes" className={classes.groups}>
          {CODE_GROUPS.map(({ title }) => (
            <Anchor key={title} component={Link} to={{ hash: anchorOf(title) }} className={classes.toGroup}>
              {title}
            </Anchor>
          ))}
        </nav>
        {CODE_GROUPS.map((group) => (
          <Group key={group.title} group={group} here={here} />
        ))}
      </Page>
    </main>
  );
}

function Group({ group: { title, intro, codes }, here }: { group: CodeGroup; here: string }) {
  return (
    <section className={classes.group} aria-labelledby={anchorOf(title)}>
      <h2 id={anchorOf(title)} tabIndex={-1} className={classes.title}>
        {title}
      </h2>
      <p className={classes.intro}>{intro}</p>
      <Card flush>
        {Object.entries(codes).map(([code, entry]) => (
          <Entry key={code} code={code} entry={entry} isHere={code === here} />
        ))}
      </Card>
    </section>
  );
}

function Entry({ code, entry, isHere }: { code: string; entry: CodeEntry; isHere: boolean }) {
  return (
    <article
      id={code}
      tabIndex={-1}
      className={classes.entry}
      aria-current={isHere ? "location" : undefined}
      aria-labelledby={`${code}-name`}
    >
      <h3 id={`${code}-name`} className={classes.code}>
        <Link to={{ hash: code }} className={classes.toCode}>
          {code}
        </Link>
        {entry.status !== undefined && (
          <Badge variant="light" color="gray" tt="none">
            HTTP {entry.status}
          </Badge>
        )}
      </h3>
      <p className={classes.what}>{entry.what}</p>
      <p className={classes.next}>
        <strong>What to do:</strong> {entry.next}
      </p>
    </article>
  );
}

function isGroup(anchor: string): boolean {
  return CODE_GROUPS.some(({ title }) => anchorOf(title) === anchor);
}

/** As in docs/problems.md: small letters, and dashes for spaces. */
function anchorOf(title: string): string {
  return title.toLowerCase().replaceAll(" ", "-");
}
