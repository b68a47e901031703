// The problem codes of accounts, the API, the server and the screen.

import type { CodeGroup } from "./problem-codes-kit.ts";

export const ACCOUNT_CODES: CodeGroup = {
  title: "Accounts and the API",
  intro: "What the API answers when it does not do what it was asked to.",
  codes: {
    "not-signed-in": {
      status: "401",
      what: "The request says nothing about who you are, or the session or token it names is not valid any more.",
      next: "Sign in. A program sends an API token in the header “Authorization: Bearer …”.",
    },
    "sign-in-refused": {
      status: "401",
      what: "The e-mail address or the password is not right.",
      next: "Check both, and the caps lock key.",
    },
    "too-many-attempts": {
      status: "429",
      what: "There were too many attempts to sign in. This slows down people who guess passwords.",
      next: "Wait for as long as the hint says, and try again.",
    },
    "owner-exists": {
      status: "409",
      what: "This installation already has its owner, so it cannot be set up a second time.",
      next: "Sign in instead.",
    },
    "session-needed": {
      status: "403",
      what: "Only a person who is signed in can make or revoke tokens. A token cannot.",
      next: "Sign in on the screen, or use “npm run token” on the server.",
    },
    "foreign-origin": {
      status: "403",
      what: "The request comes from a page of another web site, so it may not be what you wanted.",
      next: "Use the screen of this installation. A program uses an API token.",
    },
    "invalid-request": {
      status: "400, or another 4xx",
      what: "Something in the request is missing or not as the API wants it.",
      next: "Correct the fields that are named. The description of every request is at /api/openapi.json.",
    },
    "not-found": {
      status: "404",
      what: "What the address names does not exist, or not any more.",
      next: "Go back to the list, and look whether it was deleted.",
    },
    "no-route": {
      status: "404",
      what: "The API has nothing at this address, or not for this method.",
      next: "Check the spelling. Everything there is stands in /api/openapi.json.",
    },
    "cursor-unknown": {
      status: "422",
      what: "The cursor, which says where the next page of runs begins, is not one that this API gave.",
      next: "Leave it out to begin with the newest run.",
    },
    "too-many-streams": {
      status: "429",
      what: "You have too many windows open that show runs live.",
      next: "Close some of them.",
    },
  },
};

export const SERVER_CODES: CodeGroup = {
  title: "The server and the screen",
  intro: "What is not about your request: the server has trouble, or the screen does not reach it.",
  codes: {
    internal: {
      status: "500, or 503 at a catch URL",
      what: "The server made a mistake. It is not your fault. An event that was answered in this way was not stored.",
      next: "Try again later. The server's log tells more, next to the id that the hint names.",
    },
    "store-unavailable": {
      status: "503",
      what: "The database cannot be used now: its disk is full or read-only, or another program holds it. Nothing that was answered before is lost.",
      next: "Make room, or repair the disk. No restart is needed; senders that try again will succeed.",
    },
    "queue-full": {
      status: "503",
      what: "More events wait for their turn than the server keeps waiting. This one was not stored.",
      next: "Send it again later; senders mostly do so by themselves. The QUEUE_CAP setting of the server sets the limit.",
    },
    busy: {
      status: "503",
      what: "Too many people sign in at the same moment.",
      next: "Try again in a few seconds.",
    },
    unreachable: {
      what: "The screen gets no answer from the server. The server may be stopped, or you may be offline.",
      next: "Check that it is running and that you are online, then try again.",
    },
    unexplained: {
      what: "An error came back without an explanation. It is mostly from a proxy between you and the server.",
      next: "Try again. If it stays, look at the log of the server and of the proxy.",
    },
    "unexpected-answer": {
      what: "The screen does not understand the server's answer. It is probably older than the server.",
      next: "Reload the page.",
    },
    "signed-out": {
      what: "Your session has ended.",
      next: "Sign in again.",
    },
    "too-many": {
      what: "Something between you and the server says that you asked too often in a short time.",
      next: "Wait a minute, and try again.",
    },
    bug: {
      what: "Something on this page went wrong. It is a mistake in Flowcatch, not yours.",
      next: "Reload the page. What you saved is not lost.",
    },
  },
};
