// The body of a delivery: its bytes as they came beside what was read from them, or one of the two.

import { SegmentedControl } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useSearchParams } from "react-router";
import type { DeliveryView } from "../api/deliveries.ts";
import { Card } from "../ui/Card.tsx";
import { Data } from "../ui/Data.tsx";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import { bytesText } from "../ui/time.ts";
import classes from "./DeliveryPage.module.css";
import { hexDump } from "./hex-dump.ts";

const SHOWN = [
  { value: "both", label: "Both" },
  { value: "raw", label: "Raw" },
  { value: "parsed", label: "Parsed" },
];

export function DeliveryBody({ delivery }: { delivery: DeliveryView }) {
  const [search, setSearch] = useSearchParams();
  if (delivery.bytes === 0) {
    return (
      <Card title="Body">
        <p className={classes.none}>It had no body.</p>
      </Card>
    );
  }
  const asked = search.get("body");
  const shown = SHOWN.find(({ value }) => value === asked)?.value ?? "both";
  return (
    <Card
      title="Body"
      aside={
        <SegmentedControl
          size="xs"
          aria-label="What is shown of the body"
          value={shown}
          data={SHOWN}
          onChange={(next) =>
            setSearch(next === "both" ? {} : { body: next }, { replace: true, preventScrollReset: true })
          }
        />
      }
    >
      {delivery.notes.length > 0 && (
        <ul className={classes.notes} aria-label="How it was read">
          {delivery.notes.map((note) => (
            <li key={note} className={classes.note}>
              <IconInfoCircle size={16} aria-hidden="true" />
              {note}
            </li>
          ))}
        </ul>
      )}
      <div className={classes.bodies} data-both={shown === "both" || undefined}>
        {shown !== "parsed" && <Raw delivery={delivery} />}
        {shown !== "raw" && <Parsed delivery={delivery} />}
      </div>
    </Card>
  );
}

function Raw({ delivery }: { delivery: DeliveryView }) {
  const { text, base64, contentType, kept, bytes } = delivery;
  return (
    <div>
      <h3 className={classes.label}>
        Raw, {contentType === "" ? "without a content type" : `said to be ${contentType}`}
      </h3>
      <Data value={text ?? hexDump(base64)} what="Raw body" />
      {text === null && (
        <p className={classes.remark}>
          This is no text in UTF-8, so its bytes are shown as numbers (hexadecimal).
        </p>
      )}
      {kept < bytes && (
        <p className={classes.remark}>
          The first {bytesText(kept)} of {bytesText(bytes)}: more is not kept of what was not taken.
        </p>
      )}
    </div>
  );
}

function Parsed({ delivery: { data, unreadable } }: { delivery: DeliveryView }) {
  return (
    <div>
      <h3 className={classes.label}>Parsed, as the flow’s steps see it</h3>
      {unreadable === null ? (
        <Data value={bodyIn(data)} what="Parsed body" />
      ) : (
        <ProblemNote tone="amber" sentence={unreadable} />
      )}
    </div>
  );
}

/** What the steps see has the headers and the query, too; these stand below. */
function bodyIn(data: unknown): unknown {
  return typeof data === "object" && data !== null && "body" in data ? data.body : data;
}
