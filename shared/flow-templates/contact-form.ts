// Somebody fills in the contact form: they are in the CRM, and know that their message arrived.

import { flowTemplate, replaceAddress } from "./kit.ts";

export const contactForm = flowTemplate({
  id: "contact-form",
  name: "Contact form → CRM record",
  description:
    "Tidies up what a contact form sends, saves it as a record of your CRM, and answers the sender.",
  story:
    "The form of your web site sends to the catch URL. Addresses come in all spellings, so they are tidied up first; " +
    "the CRM knows by the e-mail address whether it has met this person before.",
  sampleEventId: "contact-form",
  steps: {
    trigger: { uses: "webhook.catch", name: "Form sent", at: [0, 0] },
    contact: {
      uses: "logic.setFields",
      name: "Tidy up",
      input: {
        fields: [
          { name: "name", value: "{{trigger.body.name | trim}}" },
          { name: "email", value: "{{trigger.body.email | trim | lower}}" },
          { name: "company", value: "{{trigger.body.company | default: '' | trim}}" },
          { name: "phone", value: "{{trigger.body.phone | default: '' | remove: ' '}}" },
        ],
      },
      at: [0, 1],
    },
    crm: {
      uses: "http.request",
      name: "Save it in the CRM",
      input: {
        method: "PUT",
        url: "https://crm.example.com/api/contacts/{{contact.email | url_encode}}",
        bodyType: "json",
        json: {
          name: "{{contact.name}}",
          company: "{{contact.company}}",
          phone: "{{contact.phone}}",
          source: "contact form",
          last_message: "{{trigger.body.message}}",
        },
      },
      note: replaceAddress("your CRM"),
      at: [0, 2],
    },
    answer: {
      uses: "email.send",
      name: "Say that it arrived",
      input: {
        to: ["{{contact.email}}"],
        subject: "We have your message",
        text:
          "Hello {{contact.name}},\n\nthank you for writing to us about “{{trigger.body.subject | default: 'your question'}}”. " +
          "We will answer within two working days.\n",
      },
      at: [0, 3],
    },
  },
  edges: "trigger -> contact -> crm -> answer",
});
