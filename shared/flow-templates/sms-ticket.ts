// A text message comes in: it becomes a ticket, and the sender gets its number.

import { flowTemplate, replaceAddress } from "./kit.ts";

export const smsTicket = flowTemplate({
  id: "sms-ticket",
  name: "New SMS → ticket",
  description: "Opens a support ticket for every text message, answers with its number, and tells the team.",
  story:
    "Customers text your support number. Twilio waits for an answer, which goes back to the sender as a text message; " +
    "the team sees the ticket on Slack.",
  sampleEventId: "twilio-sms",
  steps: {
    trigger: { uses: "webhook.catch", name: "Text message", at: [0.5, 0] },
    ticket: {
      uses: "http.request",
      name: "Open a ticket",
      input: {
        method: "POST",
        url: "https://support.example.com/api/tickets",
        bodyType: "json",
        json: {
          subject: "{{trigger.body.Body | truncate: 60}}",
          text: "{{trigger.body.Body}}",
          from: "{{trigger.body.From}}",
          channel: "sms",
          external_id: "{{trigger.body.MessageSid}}",
        },
      },
      note: `${replaceAddress("your ticket system")} It should answer { "number" }.`,
      at: [0.5, 1],
    },
    answer: {
      uses: "logic.respond",
      name: "Answer the sender",
      input: {
        bodyType: "text",
        text: "<Response><Message>Thank you! We look into it: ticket {{ticket.body.number | html_escape}}.</Message></Response>",
        headers: [{ name: "content-type", value: "text/xml; charset=utf-8" }],
      },
      at: [0, 2],
    },
    slack: {
      uses: "slack.sendMessage",
      name: "Tell the team",
      input: { text: "Ticket {{ticket.body.number}} from {{trigger.body.From}}: {{trigger.body.Body}}" },
      at: [1, 2],
    },
  },
  edges: "trigger -> ticket -> answer; ticket -> slack",
});
