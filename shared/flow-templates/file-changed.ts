// A file in a folder that matters was changed: the channel knows.

import { flowTemplate } from "./kit.ts";

export const fileChanged = flowTemplate({
  id: "file-changed",
  name: "File changed → notify",
  description: "Posts to Discord when a file in a certain folder is changed.",
  story:
    "Prices live in a spreadsheet, and everybody should know when it changes. The filter lets one folder through; " +
    "change it to the one that matters to you.",
  sampleEventId: "file-changed",
  steps: {
    trigger: { uses: "webhook.catch", name: "File changed", at: [0, 0] },
    folder: {
      uses: "logic.filter",
      name: "In the folder that matters?",
      input: {
        conditions: {
          match: "all",
          rules: [{ left: "{{trigger.body.file.path}}", op: "startsWith", right: "/Sales/" }],
        },
      },
      note: "Replace /Sales/ with the folder to look at.",
      at: [0, 1],
    },
    discord: {
      uses: "discord.sendMessage",
      name: "Tell the channel",
      input: {
        content:
          "**{{trigger.body.file.name}}** was changed by {{trigger.body.changed_by.name}} " +
          "(version {{trigger.body.file.version}}): {{trigger.body.file.url}}",
      },
      at: [0, 2],
    },
  },
  edges: "trigger -> folder -> discord",
});
