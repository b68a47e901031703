// The telephone rings: the caller is looked up, put through to the right person, and asked afterwards how it was.

import { flowTemplate, replaceAddress } from "./kit.ts";

const XML = [{ name: "content-type", value: "text/xml; charset=utf-8" }];

export const incomingCall = flowTemplate({
  id: "incoming-call",
  name: "Incoming call → look up, route, survey",
  description:
    "Looks the caller up by number, puts the call through to the right person, and sends a survey afterwards.",
  story:
    "Twilio asks this flow what to do with a call. A known customer is put through to the person who looks after them, " +
    "everybody else to the front desk. An hour later known customers get an e-mail with two questions.",
  sampleEventId: "phone-call",
  steps: {
    trigger: { uses: "webhook.catch", name: "Somebody is calling", at: [0.5, 0] },
    lookup: {
      uses: "http.request",
      name: "Look the number up",
      input: {
        method: "GET",
        url: "https://crm.example.com/api/customers",
        query: [{ name: "phone", value: "{{trigger.body.From}}" }],
      },
      note: `${replaceAddress("your CRM")} It should answer { "customers": [{ "name", "email", "owner_phone" }] }.`,
      at: [0.5, 1],
    },
    known: {
      uses: "logic.branch",
      name: "Do we know them?",
      input: {
        cases: [
          {
            id: "yes",
            name: "yes",
            when: {
              match: "all",
              rules: [{ left: "{{lookup.body.customers | size}}", op: "greater", right: 0 }],
            },
          },
        ],
      },
      at: [0.5, 2],
    },
    owner: {
      uses: "logic.respond",
      name: "Put through to their person",
      input: {
        bodyType: "text",
        text: "<Response><Dial>{{lookup.body.customers[0].owner_phone | html_escape}}</Dial></Response>",
        headers: XML,
      },
      at: [0, 3],
    },
    desk: {
      uses: "logic.respond",
      name: "Put through to the front desk",
      input: { bodyType: "text", text: "<Response><Dial>+4934155501099</Dial></Response>", headers: XML },
      note: "The number is an example: replace it with that of your front desk.",
      at: [1, 3],
    },
    pause: {
      uses: "logic.wait",
      name: "An hour later",
      input: { mode: "duration", duration: { amount: 1, unit: "hours" } },
      at: [0, 4],
    },
    survey: {
      uses: "email.send",
      name: "Ask how it was",
      input: {
        to: ["{{lookup.body.customers[0].email}}"],
        subject: "How was your call?",
        text:
          "Hello {{lookup.body.customers[0].name}},\n\nyou called us today. Did we help you? Just answer this e-mail, or " +
          "tell us here:\nhttps://www.example.com/survey?call={{trigger.body.CallSid | url_encode}}\n",
      },
      note: "The address in the text is an example: replace it with that of your survey.",
      at: [0, 5],
    },
  },
  edges: "trigger -> lookup -> known; known:yes -> owner -> pause -> survey; known:no -> desk",
});
