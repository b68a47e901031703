// The flow of the demonstration: a paid order goes to the warehouse, to the customer, and to the team.

import type { Graph } from "../../shared/graph.ts";

/** The connections it needs, by connector. */
export interface OrderConnections {
  email: string;
  slack: string;
}

/** `warehouse` is the address of the API that takes orders. */
export function orderFlow(warehouse: string, connections: OrderConnections): Graph {
  return {
    steps: {
      trigger: { id: "trigger", uses: "webhook.catch", name: "New order", input: {}, at: { x: 240, y: 0 } },
      warehouse: {
        id: "warehouse",
        uses: "http.request",
        name: "Tell the warehouse",
        input: {
          method: "POST",
          url: `${warehouse}/orders`,
          bodyType: "json",
          json: {
            order: "{{trigger.body.name}}",
            ship_to: "{{trigger.body.shipping_address}}",
            lines: "{{trigger.body.line_items | map: 'sku'}}",
          },
        },
        at: { x: 240, y: 140 },
      },
      email: {
        id: "email",
        uses: "email.send",
        name: "Thank the customer",
        connectionId: connections.email,
        input: {
          to: ["{{trigger.body.email}}"],
          subject: "Thank you for your order {{trigger.body.name}}",
          text: "Dear {{trigger.body.customer.first_name}},\n\nwe received your payment of {{trigger.body.total_price}} {{trigger.body.currency}}. Your parcel has the number {{warehouse.body.parcel}}.\n",
        },
        at: { x: 240, y: 280 },
      },
      large: {
        id: "large",
        uses: "logic.branch",
        name: "A large order?",
        input: {
          cases: [
            {
              id: "yes",
              name: "over 100",
              when: {
                match: "all",
                rules: [{ left: "{{trigger.body.total_price}}", op: "greater", right: 100 }],
              },
            },
          ],
        },
        at: { x: 240, y: 420 },
      },
      slack: {
        id: "slack",
        uses: "slack.sendMessage",
        name: "Tell the team",
        connectionId: connections.slack,
        input: {
          text: "Order {{trigger.body.name}}: {{trigger.body.total_price}} {{trigger.body.currency}} from {{trigger.body.customer.first_name}} :tada:",
        },
        at: { x: 60, y: 560 },
      },
    },
    edges: {
      e1: { id: "e1", from: "trigger", port: "main", to: "warehouse" },
      e2: { id: "e2", from: "warehouse", port: "main", to: "email" },
      e3: { id: "e3", from: "email", port: "main", to: "large" },
      e4: { id: "e4", from: "large", port: "yes", to: "slack" },
    },
  };
}
