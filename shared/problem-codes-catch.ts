// The problem codes of requests that a catch URL does not let in.

import type { CodeGroup } from "./problem-codes-kit.ts";

export const ENTRY_CODES: CodeGroup = {
  title: "Who may call a catch URL",
  intro:
    "Why a request did not come past the settings of a flow's catch URL. Nothing was started; the request is among the flow's deliveries, where the reason is told in more detail.",
  codes: {
    "bad-signature": {
      status: "401",
      what: "The signature does not fit the request: the secret is another one than the sender's, the request was changed on the way, or it does not come from the sender at all.",
      next: "Compare the secret in the flow's settings with the one that the sender shows. The delivery says what was found.",
    },
    "signature-missing": {
      status: "401",
      what: "The flow takes signed requests only, and this one has no signature where it is looked for, or a part that is signed is missing.",
      next: "See that the sender signs, that the right sender is chosen in the flow's settings, and that no proxy takes the header off.",
    },
    "timestamp-off": {
      status: "401",
      what: "The time that the request says it was sent at is missing, is no time, or is too far from now. An old request may be a copy that somebody kept.",
      next: "Have the sender send it anew. If every request is refused, set the clock of this server or of the sender.",
    },
    "bad-credentials": {
      status: "401",
      what: "The password, the token or the client state of the request is missing, has expired, or is not the one in the flow's settings.",
      next: "Give the sender what the flow's settings ask for.",
    },
    "came-twice": {
      status: "401",
      what: "A header or a parameter that the sender is known by came more than once. Two programs that read the request could take different ones, so none counts.",
      next: "Have the sender, or the proxy in between, send it once.",
    },
    "secret-missing": {
      status: "500",
      what: "The flow's settings say that senders are checked, but there is nothing to check them with. Until there is, nobody is let in.",
      next: "Open the settings of the flow's catch URL, and enter the secret.",
    },
    "verification-unusable": {
      status: "500",
      what: "The flow's settings describe a way of checking that cannot work: a key that is no key, a sender that is not known here, or a signature that would let everybody in.",
      next: "Open the settings of the flow's catch URL, and correct what the sentence names.",
    },
    "verification-unavailable": {
      status: "503",
      what: "To check this request, a certificate or a list of keys has to be fetched from the sender's side, and that did not work just now.",
      next: "Nothing has to be done: the sender comes again. If it stays so, look whether this server reaches that address.",
    },
    "address-list-invalid": {
      status: "422",
      what: "The list of addresses that may call has something in it that is no IP address and no range.",
      next: "Correct the entry that the sentence names. A range is written like 203.0.113.0/24.",
    },
    "address-not-allowed": {
      status: "403",
      what: "The request came from an IP address that is not on the flow's list of those that may call.",
      next: "If it is the right sender, add its address to the list. Behind a proxy, the person who runs the server has to set TRUST_PROXY, or every request seems to come from the proxy.",
    },
    "method-not-allowed": {
      status: "405",
      what: "The flow's settings do not take requests of this method.",
      next: "Have the sender use one that the sentence names, or take this method in the flow's settings.",
    },
    "too-many-requests": {
      status: "429",
      what: "More requests reach this catch URL than its settings take in a second.",
      next: "Let the sender wait for the seconds that Retry-After names. The limit is in the settings of the flow's catch URL.",
    },
  },
};
