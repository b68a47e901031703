// The problem codes of catch URLs, graphs and templates.

import type { CodeGroup } from "./problem-codes-kit.ts";

export const CATCH_CODES: CodeGroup = {
  title: "Catch URLs",
  intro:
    "What the sender of a webhook is told when its request is not taken. Nothing was stored. The API answers with the same codes to a body that it cannot read.",
  codes: {
    "unknown-catch-url": {
      status: "404",
      what: "No flow has this catch URL. It may be misspelled, the flow may be deleted, or somebody gave the flow a new catch URL.",
      next: "Copy the catch URL from the flow again, and put it into the service that sends.",
    },
    "malformed-json": {
      status: "400",
      what: "The body calls itself JSON but is not: there is a comma too many, a quote too few, or the text stops in the middle.",
      next: "Correct it at the place that the sentence names, and send it again. A JSON checker shows the spot.",
    },
    "malformed-text": {
      status: "400",
      what: "The body does not fit the character set that it says it is in (UTF-8 where it says none), so its letters cannot be read.",
      next: "Have the sender write UTF-8, or name its character set in the Content-Type header.",
    },
    "malformed-encoding": {
      status: "400",
      what: "The body is said to be packed (with gzip, say), but it cannot be unpacked. It may have been cut off on the way.",
      next: "Send it again, or send it unpacked without a Content-Encoding header.",
    },
    "too-deep": {
      status: "400",
      what: "The body has lists and objects nested inside each other far deeper than real data ever is.",
      next: "Send flatter data.",
    },
    "too-large": {
      status: "413",
      what: "The body is larger than this server takes. For a catch URL, the size after unpacking counts.",
      next: "Send less at a time, or a link to the file. The person who runs the server can raise the limit of catch URLs with the MAX_BODY setting.",
    },
    "not-http": {
      status: "400",
      what: "The bytes that were sent are no request that can be read in one way only: a length is wrong, a line does not end as it must, or a header is missing.",
      next: "Look at how the sender makes its lengths and line ends. A client library does this right.",
    },
    "headers-too-large": {
      status: "431",
      what: "The address and the headers of the request together are longer than 16 KB.",
      next: "Send what is long in the body.",
    },
    "request-timeout": {
      status: "408",
      what: "The request came too slowly: its headers may take 10 seconds, the whole of it 30.",
      next: "Send it again in one go, over a better connection.",
    },
    "unsupported-type": {
      status: "415",
      what: "The body is of a kind that is not read here. A catch URL reads JSON, forms, files in forms, XML, CSV, MessagePack and text; the API reads JSON only.",
      next: "Send one of these, and name it in the Content-Type header.",
    },
    "unsupported-encoding": {
      status: "415",
      what: "The body is packed in a way that cannot be unpacked here.",
      next: "Send it as it is, or packed with gzip, br or deflate.",
    },
  },
};

export const GRAPH_CODES: CodeGroup = {
  title: "Flows and their graphs",
  intro: "What the editor shows at a step, and why a flow cannot be published yet.",
  codes: {
    "trigger-missing": {
      what: "The flow has no trigger, so nothing can ever start it.",
      next: "Add a trigger, such as “Catch a webhook”.",
    },
    "trigger-unknown": {
      what: "The flow starts with a trigger that this installation does not have. The graph may come from a newer one.",
      next: "Choose another trigger, or update Flowcatch.",
    },
    "trigger-second": {
      what: "The flow has two triggers. It can have only one.",
      next: "Delete one of them, and make a second flow for it.",
    },
    "action-unknown": {
      what: "A step uses an action that this installation does not have. The graph may come from a newer one.",
      next: "Choose another action for the step, or update Flowcatch.",
    },
    "step-missing": {
      what: "You tried to connect a step that is not there any more.",
      next: "Nothing has to be done. Add the step again if you still need it.",
    },
    "step-unreachable": {
      what: "No way leads from the trigger to this step, so it would never run.",
      next: "Connect it with a step before it, or delete it.",
    },
    "edge-loose": {
      what: "An edge, one of the lines between steps, begins or ends at a step that does not exist.",
      next: "Delete the edge.",
    },
    "edge-into-trigger": {
      what: "An edge leads into the trigger. The trigger is where a flow begins, so nothing can come before it.",
      next: "Let the edge end at another step.",
    },
    "edge-twice": {
      what: "These two steps are already connected in this way.",
      next: "Nothing has to be done: one edge is enough.",
    },
    "port-unknown": {
      what: "An edge leaves a step by a port that the step does not have. This can happen when the step was given another action.",
      next: "Delete the edge, and draw it again from one of the step's ports.",
    },
    cycle: {
      what: "The steps form a circle: each would wait for the other, and none could begin.",
      next: "Delete one of the edges of the circle. To do something for every item of a list, use “For each”.",
    },
    "loop-border": {
      what: "An edge leads into a loop from the side, or out of it. What is inside a loop runs once for every item, so it cannot be mixed with what runs once.",
      next: "Draw steps that come after the loop from its “done” port, and steps inside it from its “each” port.",
    },
    "field-required": {
      what: "A step has a field that must be filled in, and it is empty.",
      next: "Open the step and fill in the field that the sentence names.",
    },
    "reference-unknown": {
      what: "A step uses data of a step that is not in the flow. It may have been deleted.",
      next: "Open the step, and insert the value again from the list of data.",
    },
    "reference-not-upstream": {
      what: "A step uses data of a step that does not come before it. When its turn comes, that data would not be there.",
      next: "Connect the other step before this one, or use another value.",
    },
    "reference-in-loop": {
      what: "A step outside a loop uses data of a step inside it. There is one such value for every item, so it is not clear which one is meant.",
      next: "Use the results of the loop instead: a list with one entry for each item.",
    },
    "flow-file-invalid": {
      what: "The file that you want to import is not a flow, or somebody changed it so that it cannot be read any more.",
      next: "Choose a file that was exported from Flowcatch, or export the flow again.",
    },
    "flow-file-newer": {
      what: "The file that you want to import was exported from a newer Flowcatch than this one.",
      next: "Update this installation, then import the file.",
    },
    "flow-file-too-large": {
      what: "The file that you want to import is larger than any flow can be.",
      next: "Check that it is the right file: an exported flow ends in .flowcatch.json.",
    },
    "samples-full": {
      status: "409",
      what: "A flow can have 20 pinned samples, and this one has them.",
      next: "Let go of a pinned sample that you do not need any more, then pin this one.",
    },
    "schedule-never": {
      what: "The schedule names a moment that never comes, such as 30 February.",
      next: "Choose a date that exists.",
    },
    "catching-invalid": {
      status: "422",
      what: "The settings of a catch URL have something in them that cannot work: a path, an address, a header, or a verification without its secret. Nothing was changed.",
      next: "Correct the field that the sentence is about. All of them are in the list of problems.",
    },
    "sample-refused": {
      status: "422",
      what: "The sample cannot be sent: the flow has no secret to sign it with, its catch URL expects somebody else, or only the provider itself can sign as that provider.",
      next: "Do what the hint says. Any provider can also be asked to send a test from its own screen.",
    },
    "delivery-cut-off": {
      status: "422",
      what: "Of a request that was refused, only the start of a long body is kept, so it cannot be run or kept as a sample.",
      next: "Correct why it was refused, and have it sent again.",
    },
    "not-ready": {
      status: "422, 503",
      what: "With 422: the flow has problems, and its draft cannot be published or run yet. With 503: the server cannot take events or show pages at this moment, mostly because it is starting, stopping or cannot write to its disk.",
      next: "With 422: solve the problems in the list. With 503: wait a few seconds and try again; if it stays, look at the server's log and at its disk.",
    },
    "not-published": {
      status: "422",
      what: "The flow has no published version, so there is nothing that could run.",
      next: "Publish the flow, and try again.",
    },
    "draft-moved-on": {
      status: "409",
      what: "Somebody else (or you, in another window) saved this flow after you opened it. Your change was not saved, so that theirs is not lost.",
      next: "In the editor, choose which draft to keep. A program fetches the flow again and sends its change with the new revision.",
    },
  },
};

export const TEMPLATE_CODES: CodeGroup = {
  title: "Templates",
  intro: "What can go wrong with a value in double braces. The step stops before it does anything.",
  codes: {
    "template-syntax": {
      what: "What stands between the braces cannot be read, for example because a quote or a brace is not closed.",
      next: "Correct it at the place that the sentence names, or pick the value from the list of data again.",
    },
    "template-missing": {
      what: "The template names a value that is not in the data of this run. It may be misspelled, or this event came without it.",
      next: 'Pick the value from the list of data. If it may be missing, say what to use instead: | default: "…".',
    },
    "template-unknown-filter": {
      what: "The word behind the bar is not the name of a filter.",
      next: "Pick a filter from the list in the editor.",
    },
    "template-filter-argument": {
      what: "A filter got something that it cannot work with: a text where it needs a number, or too few settings behind its colon.",
      next: "Look at what the sentence says that the filter needs. Another filter in front can often make it, such as “number” or “split”.",
    },
    "template-budget": {
      what: "The templates of this step give too long a text or take too much work. The limit protects the server.",
      next: "Use a smaller part of the data, shorten it with “truncate” or “slice”, or spread the work over several steps.",
    },
  },
};
