// The problem codes of what goes out into the world: HTTP requests and e-mail.

import type { CodeGroup } from "./problem-codes-kit.ts";

export const HTTP_CODES: CodeGroup = {
  title: "Requests to other services",
  intro: "What can go wrong when a step calls another service.",
  codes: {
    "http-status": {
      what: "The other service got the request and answered with an error. A number that begins with 4 means that it does not want the request as it is, with 5 that it has trouble of its own.",
      next: "Read the hint, which is what the service said. For 401 or 403 check the connection, for 404 the address. A number that begins with 5 is tried again by itself.",
    },
    "http-rate-limited": {
      what: "The other service was called too often in a short time.",
      next: "It is tried again by itself, when the service allows it. If it happens a lot, let fewer items run at the same time.",
    },
    "http-timeout": {
      what: "The other service did not answer in time. It may have done what it was asked to, or not.",
      next: "It is tried again by itself where that is safe; else the run asks you. Look whether the service is up.",
    },
    "http-network": {
      what: "The other service could not be reached: its name is not known, it refuses connections, or the connection broke.",
      next: "It is tried again by itself where that is safe; else the run asks you. If it stays, check the spelling of the host name, and whether the service is up.",
    },
    "http-tls": {
      what: "The service's certificate does not show that it is the one it says it is: it has expired, is for another name, or comes from nobody known. Nothing was sent.",
      next: "Check the address. Otherwise the people of the service have to repair their certificate.",
    },
    "http-bad-answer": {
      what: "The other side answered something that is not HTTP, or that cannot be unpacked.",
      next: "Check the address and its port. If they are right, the service has trouble of its own.",
    },
    "http-not-json": {
      what: "The connector expected JSON from the service, and got something else. Often it is the page of a proxy or a sign-in.",
      next: "Look at the hint, which is the start of the answer, and check the address in the connection.",
    },
    "http-too-large": {
      what: "The answer, or its headers, is larger than what is read here.",
      next: "Ask for less at a time, for example for one page of a list.",
    },
    "http-redirects": {
      what: "The service sends the request on from one address to the next, and does not come to an end.",
      next: "Open the address in a browser, and use the address that it ends at.",
    },
    "http-bad-url": {
      what: "What the step calls is not an address on the web, or it holds a user name or a password.",
      next: "Write it as https://example.com/path, and put credentials into a connection. If the address has a template, look at what it gives.",
    },
    "http-bad-request": {
      what: "The request cannot be sent, because its method or one of its headers is not allowed in HTTP.",
      next: "Check the method and the headers of the step.",
    },
    "header-invalid": {
      what: "A header of the step or of its connection has a name or a value that headers can't have, or is one that can't be set here.",
      next: "Look at the headers of the step and of its connection. Line breaks are the most frequent reason.",
    },
    "host-not-allowed": {
      what: "The step calls a host that its connection is not meant for. Your credentials were not sent there.",
      next: "Check the address in the step. If it is right, add the host to the allowed hosts of the connection.",
    },
    "http-address-not-allowed": {
      what: "The step would reach an address inside the server's own network. Flows reach public addresses only, so that nobody can use them to look around inside.",
      next: "Check the address, or the mail server. The person who runs this server can open a network with the ALLOW_NETWORKS setting.",
    },
  },
};

export const MAIL_CODES: CodeGroup = {
  title: "E-mail",
  intro: "What can go wrong between this server and the mail server of a connection.",
  codes: {
    "mail-bad-address": {
      what: "An e-mail address cannot be read, or there is none at all.",
      next: "Write it as ann@example.com or Ann <ann@example.com>. If it comes from the event, look at what the event holds.",
    },
    "mail-bad-content": {
      what: "The message itself cannot be sent: a part of it is not text, or an attachment is not a file.",
      next: "Check what the step puts into the field that is named.",
    },
    "mail-bad-server": {
      what: "What stands in the connection is not the name of a mail server.",
      next: "Write the host alone, such as smtp.example.com. The port has its own field.",
    },
    "mail-port-not-allowed": {
      what: "The port in the connection is not one that mail servers use.",
      next: "Use 587, 465, 25 or 2525. The person who runs this server can open another one with the ALLOW_NETWORKS setting.",
    },
    "mail-sign-in": {
      what: "The mail server did not accept the user name and the password.",
      next: "Check both in the connection. Some providers want a password that is made for apps.",
    },
    "mail-tls": {
      what: "The connection to the mail server is not secure enough: its certificate is wrong, or it offers no encryption. Nothing was sent.",
      next: "Check the host, the port and the security setting of the connection: mostly 465 with TLS, or 587 with STARTTLS.",
    },
    "mail-refused": {
      what: "The mail server refused the message for good. The sender may not be allowed, or the recipient may not exist.",
      next: "Read what it said, in the hint. Mostly the sender's address has to be one that this server may send for.",
    },
    "mail-try-later": {
      what: "The mail server cannot take the message just now.",
      next: "It is tried again by itself. The hint is what the server said.",
    },
    "mail-timeout": {
      what: "The mail server did not answer in time.",
      next: "It is tried again by itself where that is safe; else the run asks you. If it stays, check the host and the port in the connection.",
    },
    "mail-network": {
      what: "The mail server could not be reached, or the connection broke.",
      next: "It is tried again by itself where that is safe; else the run asks you. If it stays, check the spelling of the host, and the port.",
    },
  },
};
