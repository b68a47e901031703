// Senders that ask in a signed request get what they ask for; nobody else gets anything out of it.

import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { signedHandshake, unsignedHandshake } from "../../../server/verify/handshake.ts";
import type { CaughtRequest } from "../../../server/verify/verify.ts";
import type { Verification } from "../../../shared/verification.ts";
import { CATCH_URL, caught, caughtSample, presetVerification } from "../../kit/caught.ts";
import { get, HTML, isAnswer, LONG, NONE, PLAIN, post } from "../../kit/handshakes.ts";

const BASIC: Verification = { kind: "basic", user: "ann" };

describe("Slack", () => {
  const question = {
    token: "none",
    challenge: "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7",
    type: "url_verification",
  };
  const slack = presetVerification("slack");

  test.each([
    ["chosen", slack],
    ["with no verification at all", NONE],
    ["with a password", BASIC],
  ])("%s gets its challenge back", (_, verification) => {
    const answer = signedHandshake(verification, ["s"], post(question), question);
    isAnswer(answer);
    expect(answer).toMatchObject({ status: 200, contentType: "application/json", headers: PLAIN.headers });
    expect(JSON.parse(answer.body)).toEqual({ challenge: question.challenge });
  });

  test("is never answered before it is verified", () => {
    expect(unsignedHandshake(slack, ["s"], post(question))).toBeNull();
  });

  test.each([
    [
      "an event with a field “challenge”",
      { type: "event_callback", challenge: "abc", event: { type: "message" } },
    ],
    ["an order with a field “challenge”", { challenge: "abc" }],
    ["more than the question", { ...question, order: 7 }],
    ["HTML in the challenge", { ...question, challenge: HTML }],
    ["a challenge of 10 kB", { ...question, challenge: LONG }],
    ["a challenge that is no text", { ...question, challenge: { $ne: 1 } }],
    ["a list", [question]],
    ["text", "url_verification"],
    ["nothing", null],
  ])("is not answered for %s", (_, body) => {
    expect(signedHandshake(slack, ["s"], post(body), body)).toBeNull();
    expect(signedHandshake(NONE, [], post(body), body)).toBeNull();
  });
});

describe("Zoom", () => {
  const zoom = presetVerification("zoom");
  const bodyOf = (request: CaughtRequest) => JSON.parse(Buffer.from(request.raw).toString());

  test("gets its token signed with the secret that it signed with", () => {
    const request = caughtSample("zoom", { event: "endpoint.url_validation", secret: "new" });
    const answer = signedHandshake(zoom, ["old", "new"], request, bodyOf(request));
    isAnswer(answer);
    const { plainToken } = bodyOf(request).payload;
    const encryptedToken = createHmac("sha256", "new").update(plainToken).digest("hex");
    expect(JSON.parse(answer.body)).toEqual({ plainToken, encryptedToken });
  });

  test("answers as the known vector says", () => {
    const body = { event: "endpoint.url_validation", payload: { plainToken: "qgg8vlvZRS6UYooatFL8Aw" } };
    const raw = Buffer.from(JSON.stringify(body));
    const signature = createHmac("sha256", "secret").update(`v0:1790000000:${raw}`).digest("hex");
    const request = caught({
      raw,
      headers: { "x-zm-signature": `v0=${signature}`, "x-zm-request-timestamp": "1790000000" },
    });
    expect(signedHandshake(zoom, ["secret"], request, body)?.body).toContain(
      "72cef096bfd47c0b8664df30d07721641e4abd7e885ba432204260db477a9a3e",
    );
  });

  test.each(['v0:1790000000:{"event":"meeting.ended"}', HTML, LONG, "", 7])(
    "does not get %j signed",
    (plainToken) => {
      const body = { event: "endpoint.url_validation", payload: { plainToken } };
      const raw = Buffer.from(JSON.stringify(body));
      const signature = createHmac("sha256", "s").update(`v0:1790000000:${raw}`).digest("hex");
      const headers = { "x-zm-signature": `v0=${signature}`, "x-zm-request-timestamp": "1790000000" };
      expect(signedHandshake(zoom, ["s"], caught({ raw, headers }), body)).toBeNull();
    },
  );

  test("gets nothing signed of a request that no secret fits", () => {
    const request = caughtSample("zoom", { event: "endpoint.url_validation", secret: "theirs" });
    expect(signedHandshake(zoom, ["ours"], request, bodyOf(request))).toBeNull();
    expect(signedHandshake(NONE, ["theirs"], request, bodyOf(request))).toBeNull();
  });
});

describe("Discord", () => {
  const discord = presetVerification("discord");
  const ask = (body: unknown, verification: Verification = discord) =>
    signedHandshake(verification, ["k"], post(body), body);

  test("gets PONG for a PING of interactions, and nothing but 204 for one of webhook events", () => {
    expect(ask({ type: 1, id: "1", application_id: "2" })).toMatchObject({ status: 200, body: '{"type":1}' });
    expect(ask({ version: 1, application_id: "2", type: 0 })).toMatchObject({ status: 204, body: "" });
  });

  test("starts a run with an event, which is of type 1 as well", () => {
    expect(ask({ version: 1, type: 1, event: { type: "APPLICATION_AUTHORIZED" } })).toBeNull();
    expect(ask({ type: 2, data: {} })).toBeNull();
  });

  test("is answered only where it was chosen: any order can have a type 1", () => {
    expect(ask({ type: 1 }, NONE)).toBeNull();
    expect(ask({ type: 1 }, presetVerification("slack"))).toBeNull();
  });
});

describe("Notion", () => {
  const notion = presetVerification("notion");
  const token = "secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl";
  const first = (signedWith: string, body: unknown = { verification_token: token }) => {
    const raw = Buffer.from(JSON.stringify(body));
    const signature = createHmac("sha256", signedWith).update(raw).digest("hex");
    return caught({ raw, headers: { "x-notion-signature": `sha256=${signature}` } });
  };

  test("has its first token shown, which is what it is signed with", () => {
    const answer = unsignedHandshake(notion, [], first(token));
    isAnswer(answer);
    expect(answer.status).toBe(200);
    expect(answer.note).toContain(token);
    expect(answer.body).not.toContain(token);
  });

  test("shows no token that is signed with something else", () => {
    expect(unsignedHandshake(notion, [], first("secret_of_somebody_else"))).toBeNull();
  });

  test("shows no new token before verification once the flow has one", () => {
    expect(unsignedHandshake(notion, ["secret_ours"], first(token))).toBeNull();
  });

  test("has it shown with no verification, too", () => {
    const body = { verification_token: token };
    expect(signedHandshake(NONE, [], post(body), body)?.note).toContain(token);
  });

  test.each([
    ["more than the token", { verification_token: token, id: "1" }],
    ["HTML", { verification_token: `secret_${HTML}` }],
    ["10 kB", { verification_token: `secret_${LONG}` }],
    ["something else than a token", { verification_token: "hello" }],
  ])("is not answered for %s", (_, body) => {
    expect(signedHandshake(NONE, [], post(body), body)).toBeNull();
    expect(signedHandshake(notion, ["s"], post(body), body)).toBeNull();
  });
});

describe("Amazon SNS", () => {
  const good =
    "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:eu-central-1:123456789012:orders&Token=2336";
  const message = {
    Type: "SubscriptionConfirmation",
    MessageId: "165545c9-2a5c-472c-8df2-7ff2be2b3b1b",
    TopicArn: "arn:aws:sns:eu-central-1:123456789012:orders",
    SubscribeURL: good,
  };
  const headers = { "x-amz-sns-message-type": "SubscriptionConfirmation" };
  const ask = (body: unknown, verification: Verification = NONE, given: Record<string, string> = headers) =>
    signedHandshake(verification, [], post(body, { headers: given }), body);

  test("is confirmed at the address that it brings, whether its body was read as text or as JSON", () => {
    expect(ask(message)).toMatchObject({ status: 200, body: "", confirm: good });
    expect(ask(JSON.stringify(message))).toMatchObject({ confirm: good });
    expect(ask(message, BASIC)).toMatchObject({ confirm: good });
    expect(ask(message)?.note).toContain("arn:aws:sns:eu-central-1:123456789012:orders");
  });

  test.each([
    good.replace("amazonaws.com", "amazonaws.com.evil.test"),
    good.replace("https:", "http:"),
    good.replace("sns.eu-central-1.amazonaws.com", "evil.test"),
    good.replace("sns.eu-central-1", "bucket.s3"),
    good.replace("https://", "https://evil.test@"),
    good.replace("https://", "https://me:secret@"),
    good.replace(".com/", ".com:8443/"),
    good.replace(".com/", ".com/other"),
    good.replace("ConfirmSubscription", "Unsubscribe"),
    "https://evil.test/?x=sns.eu-central-1.amazonaws.com&Action=ConfirmSubscription",
    "https://sns.eu-central-1.amazonaws.com\\@evil.test/?Action=ConfirmSubscription",
    "https://evil.test#sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription",
    "file:///etc/passwd",
    "",
  ])("is not confirmed at %s", (SubscribeURL) => {
    expect(ask({ ...message, SubscribeURL })).toBeNull();
  });

  test("is an ordinary event without its header, as a notification, with a strange topic, or for a chosen sender", () => {
    expect(ask(message, NONE, {})).toBeNull();
    expect(ask({ ...message, Type: "Notification" })).toBeNull();
    expect(ask({ ...message, TopicArn: HTML })).toBeNull();
    expect(ask(message, presetVerification("stripe"))).toBeNull();
  });
});

describe("whoever chose a sender", () => {
  test("is asked by no other one", () => {
    const slack = { type: "url_verification", challenge: "abc" };
    const notion = { verification_token: "secret_tMrlL1qK5vuQAh1b6" };
    for (const preset of ["stripe", "github", "meta", "dropbox"]) {
      expect(signedHandshake(presetVerification(preset), ["s"], post(slack), slack)).toBeNull();
      expect(signedHandshake(presetVerification(preset), ["s"], post(notion), notion)).toBeNull();
    }
    expect(unsignedHandshake(presetVerification("stripe"), ["s"], get("challenge=a"))).toBeNull();
    const microsoft = caught({ url: `${CATCH_URL}?validationToken=a` });
    expect(unsignedHandshake(presetVerification("dropbox"), ["s"], microsoft)).toBeNull();
  });

  test("has a password, and answers before it only after that was right", () => {
    expect(unsignedHandshake(BASIC, ["s"], get("challenge=a"))).toBeNull();
    expect(signedHandshake(BASIC, ["s"], get("challenge=a"), null)?.body).toBe("a");
  });
});
