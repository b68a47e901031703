// A phone checks in somewhere: what is good nearby comes by e-mail.

import { flowTemplate, replaceAddress } from "./kit.ts";

export const placesNearby = flowTemplate({
  id: "places-nearby",
  name: "Location check-in → places nearby → e-mail",
  description: "Looks for places near to where you checked in, and sends you the list.",
  story:
    "You travel a lot. A tap on your phone tells the flow where you are; a minute later there is an e-mail with cafés in " +
    "walking distance. When there is none, there is no e-mail.",
  sampleEventId: "location-check-in",
  steps: {
    trigger: { uses: "webhook.catch", name: "Check-in", at: [0, 0] },
    places: {
      uses: "http.request",
      name: "Look for places",
      input: {
        method: "GET",
        url: "https://places.example.com/nearby",
        query: [
          { name: "lat", value: "{{trigger.body.lat}}" },
          { name: "lon", value: "{{trigger.body.lon}}" },
          { name: "radius", value: "800" },
          { name: "kind", value: "cafe" },
        ],
      },
      note: `${replaceAddress("a service that knows places")} It should answer { "places": [{ "name" }] }.`,
      at: [0, 1],
    },
    any: {
      uses: "logic.filter",
      name: "Is there any?",
      input: {
        conditions: { match: "all", rules: [{ left: "{{places.body.places}}", op: "notEmpty" }] },
      },
      at: [0, 2],
    },
    email: {
      uses: "email.send",
      name: "Send the list",
      input: {
        to: ["{{trigger.body.person.email}}"],
        subject: "Near {{trigger.body.place}}",
        text:
          "Hello {{trigger.body.person.name}},\n\nin walking distance:\n\n" +
          "{{places.body.places | map: 'name' | slice: 0, 10 | join: '\\n'}}\n",
      },
      at: [0, 3],
    },
  },
  edges: "trigger -> places -> any -> email",
});
