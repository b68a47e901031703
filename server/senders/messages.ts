// Samples of those who carry messages: Twilio, Meta, Mailgun and SendGrid.

import type { SenderSample } from "./occasion.ts";

export const TWILIO: SenderSample[] = [
  {
    event: "sms",
    name: "A text message came in",
    writes: "form",
    headers: (o) => ({
      "user-agent": "TwilioProxy/1.1",
      accept: "*/*",
      "i-twilio-idempotency-token": o.uuid(),
    }),
    body: (o) => {
      const sid = `SM${o.hex(32)}`;
      return {
        ToCountry: "GB",
        SmsMessageSid: sid,
        NumMedia: "0",
        SmsSid: sid,
        SmsStatus: "received",
        FromCountry: "GB",
        Body: "Running ten minutes late – sorry!",
        To: "+442079460123",
        NumSegments: "1",
        MessageSid: sid,
        AccountSid: "AC00000000000000000000000000000000",
        From: "+447700900456",
        ApiVersion: "2010-04-01",
      };
    },
  },
];

export const META: SenderSample[] = [
  {
    event: "messages",
    name: "A WhatsApp message came in",
    headers: () => ({ "user-agent": "facebookexternalua", accept: "*/*" }),
    body: (o) => ({
      object: "whatsapp_business_account",
      entry: [
        {
          id: "104772398211045",
          changes: [
            {
              field: "messages",
              value: {
                messaging_product: "whatsapp",
                metadata: { display_phone_number: "4915550100", phone_number_id: "112340098776541" },
                contacts: [{ profile: { name: "Lea Brandt" }, wa_id: "4915550123" }],
                messages: [
                  {
                    id: o.id("wamid.", 40),
                    from: "4915550123",
                    timestamp: String(o.seconds),
                    type: "text",
                    text: { body: "Is the blue chair still there?" },
                  },
                ],
              },
            },
          ],
        },
      ],
    }),
  },
];

export const MAILGUN: SenderSample[] = [
  {
    event: "delivered",
    name: "A mail was delivered",
    headers: () => ({ "user-agent": "mailgun/treq-24.9.1" }),
    id: (o) => o.hex(50),
    body: (o) => ({
      signature: { timestamp: "", token: "", signature: "" },
      "event-data": {
        id: o.id("", 22),
        event: "delivered",
        timestamp: o.now / 1000,
        "log-level": "info",
        recipient: "noor.lindqvist@example.com",
        "recipient-domain": "example.com",
        message: {
          headers: {
            to: "Noor Lindqvist <noor.lindqvist@example.com>",
            subject: "Your order #2077",
            from: "shop@example.org",
          },
          size: 5120,
        },
        "delivery-status": { message: "OK", "attempt-no": 1, "session-seconds": 0.62 },
        tags: ["order"],
        "user-variables": {},
      },
    }),
  },
];

export const SENDGRID: SenderSample[] = [
  {
    event: "delivered",
    name: "A mail was delivered",
    // What is signed ends with the line break.
    writes: "json-line",
    headers: () => ({ "user-agent": "SendGrid Event API", "accept-encoding": "gzip" }),
    body: (o) => [
      {
        email: "noor.lindqvist@example.com",
        timestamp: o.seconds,
        "smtp-id": `<${o.id("", 22)}@geopod-ismtpd-4>`,
        event: "delivered",
        category: ["order"],
        response: "250 OK",
        sg_event_id: o.id("", 48),
        sg_message_id: `${o.id("", 22)}.recvd-6c8d9f7b54-x2k4p-1-68F0A1B2-3B.0`,
      },
    ],
  },
];
