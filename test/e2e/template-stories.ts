// What each template of the gallery does with its sample event: what the services answer, and what must arrive there.

import { expect } from "vitest";
import type { RunView } from "../../shared/api-views.ts";

export interface Arrived {
  /** At the services: https://crm.example.com/x is /crm/x. */
  requests: { method: string; path: string; json: unknown }[];
  mails: {
    to: string[];
    subject: string | undefined;
    text: string | undefined;
    files: { filename: string | undefined; content: string }[];
  }[];
  slack: unknown[];
  discord: unknown[];
}

export interface Story {
  /** By the beginning of the path; `url` is where the services are. Everything else is answered with { ok: true }. */
  answers?: (url: string) => Record<string, unknown>;
  /** `answer` is what the sender of the event got. */
  check: (seen: Arrived & { answer: string; run: RunView }) => void;
}

/** A text that holds these parts, in this order. */
export function textWith(...parts: string[]): unknown {
  const literally = (part: string) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return expect.stringMatching(new RegExp(parts.map(literally).join("[^]*")));
}

const customer = { name: "Mira Okafor", email: "mira.okafor@example.com", owner_phone: "+4934155501042" };

export const STORIES: Record<string, Story> = {
  "order-paid": {
    answers: () => ({
      "/store/orders/TEE-2087": { customer, items: [{ title: "T-shirt “Fox”" }, { title: "Tote bag" }] },
    }),
    check({ requests, mails, slack }) {
      expect(requests).toMatchObject([{ method: "GET", path: "/store/orders/TEE-2087" }]);
      expect(mails).toMatchObject([
        {
          to: [customer.email],
          subject: "Your order TEE-2087 is paid",
          text: textWith("Hello Mira Okafor", "45.00", "T-shirt “Fox”\nTote bag"),
        },
      ]);
      expect(slack).toMatchObject([{ text: textWith("TEE-2087 is paid: 45.00", "Mira", "48120957") }]);
    },
  },
  "stock-low": {
    check({ mails }) {
      expect(mails).toMatchObject([
        {
          to: ["orders@knits.example.com"],
          subject: "Order: 60 × TEE-FOX-M",
          text: textWith("Dear Tiruppur Knits", "60 pieces", "We have 4 left"),
        },
      ]);
    },
  },
  "payment-booked": {
    check({ requests, slack }) {
      expect(requests).toEqual([
        {
          method: "POST",
          path: "/accounting/v1/entries",
          json: {
            reference: "pi_1SampleOfAPayment",
            amount: 129,
            currency: "EUR",
            text: "Workshop “Screen printing”, 1 seat",
            date: "2026-03-14",
          },
        },
      ]);
      expect(slack).toMatchObject([{ text: textWith("129.00 EUR", "joris.vandam@example.com") }]);
    },
  },
  "return-refunded": {
    check({ requests, mails }) {
      expect(requests).toEqual([
        {
          method: "POST",
          path: "/shop/api/inventory/adjust",
          json: { sku: "TEE-FOX-M", by: 2, reason: "return RET-318" },
        },
        {
          method: "POST",
          path: "/shop/api/inventory/write-offs",
          json: { sku: "TOTE-INK", quantity: 1, reason: "damaged" },
        },
        {
          method: "POST",
          path: "/shop/api/orders/1042/refunds",
          json: { amount: 74.9, currency: "EUR", reason: "too small" },
        },
      ]);
      expect(mails).toMatchObject([{ to: [customer.email], text: textWith("We refund 74.90 EUR") }]);
    },
  },
  "incoming-call": {
    answers: () => ({ "/crm/api/customers": { customers: [customer] } }),
    check({ requests, mails, answer, run }) {
      expect(requests).toMatchObject([{ method: "GET", path: "/crm/api/customers?phone=%2B4915550123456" }]);
      expect(answer).toBe("<Response><Dial>+4934155501042</Dial></Response>");
      expect(mails).toMatchObject([
        { to: [customer.email], subject: "How was your call?", text: textWith("survey?call=CA51e0") },
      ]);
      const waited = run.steps.find(({ path }) => path === "pause");
      expect((waited?.finishedAt ?? 0) - (waited?.startedAt ?? 0)).toBeGreaterThanOrEqual(900);
    },
  },
  "shipping-label": {
    answers: (url) => ({
      "/carrier/v2/labels": { tracking: "JD 0146-3", label_url: `${url}/carrier/files/1.pdf` },
    }),
    check({ requests, mails }) {
      const [label, ...rest] = requests;
      expect(label).toMatchObject({
        path: "/carrier/v2/labels",
        json: { reference: "#1042", to: { postcode: "04103" }, items: ["TEE-FOX-M", "TOTE-INK"] },
      });
      expect(rest).toEqual(
        expect.arrayContaining([
          { method: "GET", path: "/carrier/files/1.pdf", json: undefined },
          {
            method: "POST",
            path: "/shop/api/orders/6127043182932/fulfilments",
            json: { tracking_number: "JD 0146-3", notify_customer: true },
          },
        ]),
      );
      const [mail] = mails;
      expect(mail).toMatchObject({ to: ["packing@example.com"], subject: "Label for #1042" });
      expect(mail?.files).toMatchObject([{ filename: "label-jd-0146-3.pdf" }]);
      expect(mail?.files[0]?.content).toBe('{"ok":true}');
    },
  },
  "places-nearby": {
    answers: () => ({ "/places/nearby": { places: [{ name: "Café Linde" }, { name: "Roast & Read" }] } }),
    check({ requests, mails }) {
      expect(requests[0]?.path).toBe("/places/nearby?lat=51.3455&lon=12.3821&radius=800&kind=cafe");
      expect(mails).toMatchObject([
        {
          to: ["noor@example.com"],
          subject: "Near Leipzig Central Station",
          text: textWith("Hello Noor", "Café Linde\nRoast & Read"),
        },
      ]);
    },
  },
  "contact-form": {
    check({ requests, mails }) {
      expect(requests).toMatchObject([
        {
          method: "PUT",
          path: "/crm/api/contacts/tomas.brandao%40example.com",
          json: { name: "Tomás Brandão", company: "Azulejo Studio", phone: "+351255501234" },
        },
      ]);
      expect(mails).toMatchObject([
        { to: ["tomas.brandao@example.com"], text: textWith("Hello Tomás Brandão", "“200 printed bags”") },
      ]);
    },
  },
  "file-changed": {
    check({ discord }) {
      expect(discord).toMatchObject([
        { content: textWith("**price-list-2026.xlsx** was changed by Ada Lindgren (version 12)") },
      ]);
    },
  },
  "sms-ticket": {
    answers: () => ({ "/support/api/tickets": { number: "T-77" } }),
    check({ requests, slack, answer }) {
      expect(requests).toMatchObject([
        { method: "POST", path: "/support/api/tickets", json: { from: "+12025550173", channel: "sms" } },
      ]);
      expect(answer).toContain("<Message>Thank you! We look into it: ticket T-77.</Message>");
      expect(slack).toMatchObject([{ text: textWith("Ticket T-77 from +12025550173", "it’s Zoë") }]);
    },
  },
  "sale-recorded": {
    check({ requests }) {
      expect(requests).toEqual(
        expect.arrayContaining([
          {
            method: "POST",
            path: "/database/rest/v1/sales",
            json: {
              sale: "S-90017",
              till: "market-stall",
              sold_at: "2026-03-14T11:03:27Z",
              total: 44.95,
              pieces: 2,
            },
          },
          {
            method: "PUT",
            path: "/www/api/values/sold-today",
            json: { value: 512.4, text: "17 sales today, €512.40" },
          },
        ]),
      );
    },
  },
  "error-alert": {
    check({ requests, mails, slack }) {
      expect(requests).toMatchObject([
        { path: "/warehouse/reservations", json: { order: "#1042", items: ["TEE-FOX-M", "TOTE-INK"] } },
        { path: "/accounting/v1/invoices", json: { total: "128.80" } },
      ]);
      expect([slack, mails]).toEqual([[], []]);
    },
  },
};
