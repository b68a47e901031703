// The problem codes of runs, connectors and connections.

import type { CodeGroup } from "./problem-codes-kit.ts";

export const RUN_CODES: CodeGroup = {
  title: "Runs",
  intro: "What the history shows at a run or at one of its steps, and the answers to what you ask of a run.",
  codes: {
    "step-timeout": {
      what: "A step took longer than it is given. The other service may have done what it was asked to, or not.",
      next: "It is tried again by itself where that is safe; else the run asks you. Give the step more time in its settings if the service is slow.",
    },
    "output-too-large": {
      what: "The result of a step is too large to be kept in the history of a run.",
      next: "Ask the service for less at a time, for example for one page of a list.",
    },
    "outcome-unknown": {
      what: "The step was begun, but nobody knows how it ended: the other service did not answer, or this server stopped in the middle. Doing it again could do it twice.",
      next: "Look in the other service whether it happened. Then choose in the run: repeat the step, skip it with a value, or stop the run.",
    },
    interrupted: {
      what: "The server stopped when it was the turn of this step. The step is sent again with the same key, by which the other service can tell that it is the same one.",
      next: "Nothing has to be done. This line is only there so that the history is complete.",
    },
    stopped: {
      what: "A step of the flow, “Stop”, ended the run as failed. That is how the flow was drawn.",
      next: "Read the message, which the maker of the flow wrote. Correct the data, and run it again.",
    },
    canceled: {
      what: "Somebody canceled this run. What it had done before that stays done.",
      next: "Nothing has to be done. You can run it again with the same event.",
    },
    "run-ended": {
      status: "409",
      what: "This run has ended already, so it cannot be canceled any more.",
      next: "Load the page again. To do it once more, run it again with the same event.",
    },
    "not-asking": {
      status: "409",
      what: "You answered the question of a step that is not waiting for an answer, mostly because somebody was faster.",
      next: "Load the run again and look at where it is now.",
    },
    "dry-run": {
      what: "A step was tried without sending anything. This ends the step where it would have sent its request.",
      next: "Nothing has to be done. Test the step for real if you want the other service's answer.",
    },
    unexpected: {
      what: "A step failed in a way that it was not written for, or the run could not be carried on. This is a mistake in Flowcatch or in the connector, not in your flow.",
      next: "Run it again. If it happens again, report it with what the server's log says.",
    },
    stuck: {
      what: "Nothing in the run could go on, and yet it had not ended. This is a mistake in Flowcatch, not in your flow.",
      next: "Report it with the graph of the flow. You can run it again.",
    },
  },
};

export const CONNECTOR_CODES: CodeGroup = {
  title: "Connectors",
  intro: "What a step says about its own input, and what the service it talks to has against it.",
  codes: {
    "input-invalid": {
      what: "A field of the step holds something that the action cannot use, such as a word where a number belongs. The value may come from the event.",
      next: "Look at the field that the sentence names, and at the step's input in the run.",
    },
    "cron-invalid": {
      what: "The text of the schedule is not one. It has five parts: minute, hour, day, month and weekday.",
      next: "Write it such as 0 9 * * 1-5, which is nine o'clock from Monday to Friday.",
    },
    "time-zone-unknown": {
      what: "There is no time zone of this name.",
      next: "Choose a name such as Europe/Berlin, or UTC.",
    },
    "not-a-time": {
      what: "A step needs a date or a time, and got something else.",
      next: "Write it as 2026-01-31 or 2026-01-31T09:30, give Unix seconds, or read it with the filter “parse_date”.",
    },
    "wait-too-long": {
      what: "A step would wait for more than a year.",
      next: "Check the date. For something that comes back every year, let a schedule start the flow.",
    },
    "not-a-list": {
      what: "“For each” needs a list, and got something else or nothing.",
      next: "Choose a list out of the data. For a text with commas, the filter “split” makes a list of it.",
    },
    "too-many-items": {
      what: "The list has more items than a loop takes.",
      next: "Take a part of the list with the filter “slice”, or have the other service send fewer items at a time.",
    },
    "field-name": {
      what: "A step that puts an object together has a field name that cannot be used, or two names that contradict each other.",
      next: "Use names such as total or customer.email, and rename one of two that share a place.",
    },
    "slack-refused": {
      what: "Slack did not do what it was asked to. The sentence has Slack's own word for the reason.",
      next: "Follow the hint below the sentence. Mostly the channel, the rights of the app or the token is the reason.",
    },
    "slack-answer": {
      what: "What answered is not Slack.",
      next: "Check the API address of the connection, or empty that field.",
    },
    "discord-answer": {
      what: "What answered is not a Discord webhook.",
      next: "Copy the webhook URL from the channel's settings in Discord again.",
    },
  },
};

export const CONNECTION_CODES: CodeGroup = {
  title: "Connections",
  intro: "A connection holds your credentials for a service.",
  codes: {
    "connection-missing": {
      what: "A step needs a connection and has none, or the one it had was deleted.",
      next: "Open the step and choose a connection, or make a new one.",
    },
    "connection-in-use": {
      status: "409",
      what: "The connection cannot be deleted, because published flows use it.",
      next: "Pause these flows, or publish them with another connection.",
    },
    "connector-unknown": {
      status: "422",
      what: "There is no connector of this name, or it is one that needs no connection.",
      next: "Choose a connector from the list.",
    },
    "fields-invalid": {
      status: "422",
      what: "A field of the connection is missing or not right.",
      next: "Correct the fields that are named, and save again. A secret that was saved before may stay empty.",
    },
    "check-timeout": {
      what: "The service did not answer in time when the connection was tested.",
      next: "Check the address, and whether the service is up. Then test again.",
    },
  },
};
