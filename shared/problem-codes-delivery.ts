// The problem codes of deliveries: what a person reads beside a request that became no run.

import type { CodeGroup } from "./problem-codes-kit.ts";

export const DELIVERY_CODES: CodeGroup = {
  title: "Deliveries",
  intro: "What is said beside a request in the inbox, and why a body could not be read.",
  codes: {
    handshake: {
      what: "The sender asked whether somebody is there, as many do before they send anything. It was answered, and no run was started.",
      next: "Nothing has to be done. Where the sentence shows a code, copy it to where the sender asks for it.",
    },
    "handshake-failed": {
      status: "503",
      what: "The sender asked for its subscription to be confirmed at an address of its own, and that address did not take it.",
      next: "Have the sender ask again. If it stays so, look whether this server reaches that address.",
    },
    "flow-not-published": {
      what: "The flow has only a draft, which takes no events. What comes is kept as a sample to build it with.",
      next: "Publish the flow. Then run this delivery, if it is to count.",
    },
    "flow-paused": {
      what: "Somebody paused the flow. What comes is kept as a sample.",
      next: "Let the flow go on. Then run the deliveries that came in the meantime, if they are to count.",
    },
    "flow-starts-otherwise": {
      what: "The flow starts by a schedule and not by its catch URL, and somebody called that all the same.",
      next: "Take “Catch a webhook” as the trigger, or have the sender stop.",
    },
    "too-many-to-split": {
      status: "413",
      what: "The flow makes a run of each item of a list, and the list has more than 1,000.",
      next: "Have the sender send smaller lists, or switch that off and go through the list in a loop.",
    },
    "too-many-parts": {
      status: "400",
      what: "The body has so many parts, fields, rows or elements that going through them would hold up everybody else.",
      next: "Have the sender send less at once.",
    },
    "malformed-xml": {
      status: "400",
      what: "The body says that it is XML and is not, or it has what is not read here: a document type, or entities of its own.",
      next: "Have the sender send well-formed XML without a document type.",
    },
    "malformed-form": {
      status: "400",
      what: "The body says that it is a form, and is cut off or put together wrongly.",
      next: "Look at the raw body in the inbox, and have the sender correct it.",
    },
    "malformed-csv": {
      status: "400",
      what: "The body says that it is CSV, and a row or a quote in it is not right.",
      next: "Correct the row that the sentence names.",
    },
    "malformed-messagepack": {
      status: "400",
      what: "The body says that it is MessagePack, and is not, or is cut off.",
      next: "Have the sender send it whole.",
    },
  },
};
