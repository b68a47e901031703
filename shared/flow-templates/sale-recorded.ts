// Something is sold: a row in a database, and a fresh number on the web site.

import { flowTemplate, replaceAddress } from "./kit.ts";

export const saleRecorded = flowTemplate({
  id: "sale-recorded",
  name: "Sale → database row and web page",
  description: "Writes every sale into a database over HTTP, and shows the day's total on a web page.",
  story:
    "The till reports each sale. A database that speaks HTTP (as PostgREST or Supabase do) gets a row, and the counter " +
    "on your web site is set to the new total. Both happen at the same time.",
  sampleEventId: "sale",
  steps: {
    trigger: { uses: "webhook.catch", name: "Sale", at: [0.5, 0] },
    row: {
      uses: "http.request",
      name: "Add a row",
      input: {
        method: "POST",
        url: "https://database.example.com/rest/v1/sales",
        headers: [{ name: "Prefer", value: "return=minimal" }],
        bodyType: "json",
        json: {
          sale: "{{trigger.body.sale}}",
          till: "{{trigger.body.till}}",
          sold_at: "{{trigger.body.sold_at}}",
          total: "{{trigger.body.total}}",
          pieces: "{{trigger.body.items | sum: 'quantity'}}",
        },
      },
      note: replaceAddress("your database"),
      at: [0, 1],
    },
    page: {
      uses: "http.request",
      name: "Update the web page",
      input: {
        method: "PUT",
        url: "https://www.example.com/api/values/sold-today",
        bodyType: "json",
        json: {
          value: "{{trigger.body.sold_today.total}}",
          text: "{{trigger.body.sold_today.count}} sales today, {{trigger.body.sold_today.total | money: trigger.body.currency}}",
        },
      },
      note: replaceAddress("your web site"),
      at: [1, 1],
    },
  },
  edges: "trigger -> row; trigger -> page",
});
