// Calls any address: for every service that has no connector of its own.

import { z } from "zod";
import { parseBody } from "../../shared/event.ts";
import { FileValue, field } from "../../shared/field.ts";
import { readHeaderLines, singleText } from "../../shared/header-lines.ts";
import { Refused } from "../../shared/problem.ts";
import { action, connection, connector, done, EXAMPLE_KEY } from "./kit.ts";

const credentials = connection({
  help: "The service's documentation tells which kind it expects, mostly under “Authentication” or “API keys”.",
  fields: z
    .object({
      kind: field.select(["bearer", "basic", "header", "query"], {
        label: "Kind",
        help: "How the service wants to be shown who is calling.",
        labels: {
          bearer: "Token (Authorization: Bearer)",
          basic: "User name and password",
          header: "Key in a header",
          query: "Key in the address",
        },
        default: "bearer",
      }),
      token: field.secretOptional({
        label: "Token",
        help: "Sent as “Authorization: Bearer …”. Leave the word Bearer out.",
        showIf: { field: "kind", in: ["bearer"] },
        requiredIfShown: true,
      }),
      user: field.textOptional({
        label: "User name",
        help: "As you sign in to the service, or as its documentation says.",
        showIf: { field: "kind", in: ["basic"] },
        requiredIfShown: true,
      }),
      password: field.secretOptional({
        label: "Password",
        help: "Some services want an API key here, and some want it empty.",
        showIf: { field: "kind", in: ["basic"] },
      }),
      keyName: field.textOptional({
        label: "Name",
        help: "What the header, or the part of the address, is called.",
        placeholder: "X-Api-Key",
        showIf: { field: "kind", in: ["header", "query"] },
        requiredIfShown: true,
      }),
      key: field.secretOptional({
        label: "Key",
        help: "The secret value itself.",
        showIf: { field: "kind", in: ["header", "query"] },
        requiredIfShown: true,
      }),
      allowedHosts: field.textOptional({
        label: "Allowed hosts",
        help:
          "The only hosts that these credentials are ever sent to, separated by commas; *.example.com stands for " +
          "all below example.com. Empty: wherever a step points. Fill it in where others can edit your flows.",
        placeholder: "api.example.com, *.example.org",
      }),
      testUrl: field.textOptional({
        label: "Test address",
        help: "An address that answers only with the right credentials, to check them with. It is called with GET.",
        placeholder: "https://api.example.com/me",
      }),
    })
    .superRefine((auth, ctx) => {
      for (const key of NEEDED[auth.kind]) {
        if (auth[key] === undefined) {
          ctx.addIssue({ code: "custom", path: [key], message: "is missing", input: auth });
        }
      }
    }),
  async check({ auth, http }) {
    if (auth.testUrl === undefined) {
      return "Stored. Without a test address nobody can tell yet whether the credentials work.";
    }
    const url = readUrl(auth.testUrl);
    const headers = showCredentials(auth, url);
    const answer = await http.send({ method: "GET", url: url.href, headers });
    return `${url.host} answered ${answer.status}: the credentials work.`;
  },
});

type Credentials = z.output<typeof credentials.fields>;

const NEEDED: Record<Credentials["kind"], (keyof Credentials)[]> = {
  bearer: ["token"],
  basic: ["user"],
  header: ["keyName", "key"],
  query: ["keyName", "key"],
};

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"] as const;
const WITH_BODY = ["POST", "PUT", "PATCH", "DELETE"];

const input = z.object({
  method: field.select(METHODS, {
    label: "Method",
    help: "GET reads, POST adds, PUT and PATCH change, DELETE removes. The service's documentation tells which.",
    default: "GET",
  }),
  url: field.text({
    label: "Address",
    help:
      "The full address. Put values into it with {{…}}, and add “| url_encode” where a value may hold spaces or " +
      "slashes: https://api.example.com/customers/{{trigger.body.email | url_encode}}",
    placeholder: "https://api.example.com/orders",
  }),
  query: field.pairs({
    label: "Query",
    help: "Added to the address after “?”, properly encoded. A list gives one entry for each item.",
  }),
  headers: field.pairs({
    label: "Headers",
    help: "Extra lines that go with the request. Keys and passwords belong in a connection, where nobody can read them.",
  }),
  bodyType: field.select(["none", "json", "form", "text", "multipart"], {
    label: "Body",
    help: "What is sent along, and in which form.",
    labels: {
      none: "Nothing",
      json: "JSON",
      form: "Form (URL-encoded)",
      text: "Text",
      multipart: "Form with files (multipart)",
    },
    default: "none",
    showIf: { field: "method", in: WITH_BODY },
  }),
  json: field.json({
    label: "JSON",
    help: "The data to send. {{trigger.body}} alone sends the whole body of the event on, as it is.",
    placeholder: '{ "order": "{{trigger.body.name}}" }',
    showIf: { field: "bodyType", in: ["json"] },
  }),
  form: field.pairs({
    label: "Form fields",
    help: "Names and values. For a file choose the form with files, and give a file out of an earlier step as the value.",
    showIf: { field: "bodyType", in: ["form", "multipart"] },
  }),
  text: field.longTextOptional({
    label: "Text",
    help: "Sent letter by letter as it stands here.",
    showIf: { field: "bodyType", in: ["text"] },
  }),
  contentType: field.textOptional({
    label: "Content type",
    help: "What the text is. Default: text/plain; charset=utf-8",
    placeholder: "application/xml",
    showIf: { field: "bodyType", in: ["text"] },
  }),
  answerAs: field.select(["auto", "json", "text", "file"], {
    label: "Read the answer as",
    help: "Automatic goes by what the answer calls itself: JSON and text can be used right away, the rest is a file.",
    labels: { auto: "Automatic", json: "JSON", text: "Text", file: "File" },
    default: "auto",
    advanced: true,
  }),
  timeoutSeconds: field.number({
    label: "Time limit (seconds)",
    help: "How long to wait for the whole answer before trying again later.",
    min: 1,
    max: 120,
    default: 30,
    advanced: true,
  }),
  maxMegabytes: field.number({
    label: "Size limit (MB)",
    help: "A longer answer fails this step instead of filling your disk.",
    min: 0.1,
    max: 10,
    default: 5,
    advanced: true,
  }),
  followRedirects: field.toggle({
    label: "Follow redirects",
    help: "When the answer says “look over there”, go there. Off: that answer is the result.",
    default: true,
    advanced: true,
  }),
  idempotencyKey: field.toggle({
    label: "Send an idempotency key",
    help:
      "POST and PATCH carry an Idempotency-Key that stays the same when this step is tried again, so that services " +
      "that know it do the work only once. If this one does not, set “If interrupted” of the step to “ask”.",
    default: true,
    advanced: true,
  }),
});

const request = action({
  name: "Send a request",
  description: "Calls an address and gives what it answers.",
  connection: credentials,
  optional: true,
  input,
  repeat: "with key",
  async run({ input, auth, http, key }) {
    const url = readUrl(input.url);
    addQuery(
      url,
      input.query.flatMap(({ name, value }) => listOf(value).map((one) => [name, singleText(one)])),
    );
    const { body, contentType } = bodyOf(input);
    const answer = await http.send({
      method: input.method,
      headers: {
        ...(contentType === undefined ? {} : { "content-type": contentType }),
        ...(input.idempotencyKey && ["POST", "PATCH"].includes(input.method)
          ? { "idempotency-key": key }
          : {}),
        ...readHeaderLines(input.headers, NOT_SETTABLE),
        ...(auth ? showCredentials(auth, url) : {}),
      },
      url: url.href,
      ...(body === undefined ? {} : { body }),
      timeoutMs: input.timeoutSeconds * 1_000,
      maxBytes: Math.round(input.maxMegabytes * 1_000_000),
      ...(input.followRedirects ? {} : { redirects: 0 }),
    });
    const { "set-cookie": _, ...headers } = answer.headers;
    return done({
      status: answer.status,
      headers,
      body: readAnswer(answer.body, answer.headers["content-type"] ?? "", input.answerAs),
      url: withoutKey(answer.url, auth),
    });
  },
  examples: [
    {
      name: "sends an order on as JSON",
      input: {
        method: "POST",
        url: "https://api.warehouse.example/v1/orders",
        bodyType: "json",
        json: { order: "#1001", items: [{ sku: "TEA-DARJ-100", quantity: 2 }] },
      },
      auth: { kind: "bearer", token: "wh_live_3f1c9a", allowedHosts: "api.warehouse.example" },
      exchanges: [
        {
          request: {
            method: "POST",
            url: "https://api.warehouse.example/v1/orders",
            headers: {
              "content-type": "application/json",
              authorization: "Bearer wh_live_3f1c9a",
              "idempotency-key": EXAMPLE_KEY,
            },
            body: { order: "#1001", items: [{ sku: "TEA-DARJ-100", quantity: 2 }] },
          },
          response: {
            status: 201,
            headers: {
              "content-type": "application/json; charset=utf-8",
              "set-cookie": "session=1",
              "x-request-id": "req_7f3",
            },
            body: { id: "wo_58121", state: "queued", items: 2 },
          },
        },
      ],
      output: {
        status: 201,
        headers: { "content-type": "application/json; charset=utf-8", "x-request-id": "req_7f3" },
        body: { id: "wo_58121", state: "queued", items: 2 },
        url: "https://api.warehouse.example/v1/orders",
      },
    },
    {
      name: "asks with a query, and keeps the key out of the result",
      input: {
        url: "https://api.weather.example/now?units=metric",
        query: [
          { name: "city", value: "São Paulo" },
          { name: "fields", value: ["temp", "wind"] },
        ],
        headers: [{ name: "Accept-Language", value: "pt-BR" }],
      },
      auth: { kind: "query", keyName: "appid", key: "k-9d2f" },
      exchanges: [
        {
          request: {
            method: "GET",
            url: "https://api.weather.example/now?units=metric&city=S%C3%A3o+Paulo&fields=temp&fields=wind&appid=k-9d2f",
            headers: { "accept-language": "pt-BR" },
          },
          response: {
            status: 200,
            headers: { "content-type": "application/hal+json" },
            body: { temp: 27.5, wind: 3 },
          },
        },
      ],
      output: {
        status: 200,
        headers: { "content-type": "application/hal+json" },
        body: { temp: 27.5, wind: 3 },
        url: "https://api.weather.example/now?units=metric&city=S%C3%A3o+Paulo&fields=temp&fields=wind",
      },
    },
    {
      name: "sends a form with user name and password",
      input: {
        method: "POST",
        url: "https://api.sms.example/messages",
        bodyType: "form",
        form: [
          { name: "To", value: "+441632960123" },
          { name: "Body", value: "Order #1001 is on its way" },
        ],
        idempotencyKey: false,
      },
      auth: { kind: "basic", user: "AC123", password: "pass word" },
      exchanges: [
        {
          request: {
            method: "POST",
            url: "https://api.sms.example/messages",
            headers: {
              authorization: "Basic QUMxMjM6cGFzcyB3b3Jk",
              "content-type": "application/x-www-form-urlencoded",
            },
            body: "To=%2B441632960123&Body=Order+%231001+is+on+its+way",
          },
          response: { status: 200, headers: { "content-type": "text/plain" }, body: "queued" },
        },
      ],
      output: {
        status: 200,
        headers: { "content-type": "text/plain" },
        body: "queued",
        url: "https://api.sms.example/messages",
      },
    },
    {
      name: "uploads a file",
      input: {
        method: "POST",
        url: "https://files.example/upload",
        bodyType: "multipart",
        form: [
          { name: "folder", value: "invoices" },
          {
            name: "file",
            value: { filename: "invoice.txt", contentType: "text/plain", base64: "MTAwMTogNTkuODA=" },
          },
        ],
      },
      auth: {
        kind: "header",
        keyName: "X-Api-Key",
        key: "f-77",
        allowedHosts: "*.files.example files.example",
      },
      exchanges: [
        {
          request: {
            method: "POST",
            url: "https://files.example/upload",
            headers: { "x-api-key": "f-77" },
            body: {
              folder: "invoices",
              file: { filename: "invoice.txt", contentType: "text/plain", base64: "MTAwMTogNTkuODA=" },
            },
          },
          response: { status: 204 },
        },
      ],
      output: { status: 204, headers: {}, body: null, url: "https://files.example/upload" },
    },
    {
      name: "sends XML as text",
      input: {
        method: "PUT",
        url: "https://erp.example/orders/1001",
        bodyType: "text",
        text: "<order id='1001'/>",
        contentType: "application/xml",
      },
      exchanges: [
        {
          request: {
            method: "PUT",
            url: "https://erp.example/orders/1001",
            headers: { "content-type": "application/xml" },
            body: "<order id='1001'/>",
          },
          response: { status: 200, headers: { "content-type": "application/xml" }, body: "<ok/>" },
        },
      ],
      output: {
        status: 200,
        headers: { "content-type": "application/xml" },
        body: "<ok/>",
        url: "https://erp.example/orders/1001",
      },
    },
  ],
});

export const http = connector({
  id: "http",
  name: "HTTP",
  description: "Call any address, with or without credentials.",
  color: "#1971c2",
  icon: "world",
  connection: credentials,
  actions: { request },
});

function readUrl(text: string): URL {
  const url = URL.parse(text.trim());
  if (url && (url.protocol === "https:" || url.protocol === "http:")) return url;
  throw new Refused({
    code: "http-bad-url",
    sentence: `“${text.split(/[?#]/, 1)[0]?.slice(0, 80)}” is not the address of a website or an API.`,
    hint: "Write it out with https:// in front.",
    field: "url",
  });
}

/** Appended as text: setting `searchParams` would write anew what the person wrote. */
function addQuery(url: URL, pairs: [string, string][]): void {
  if (pairs.length > 0) url.search += `${url.search === "" ? "?" : "&"}${new URLSearchParams(pairs)}`;
}

/** Adds the credentials to the URL or gives the header for them; `Refused` for a host they must not go to. */
function showCredentials(auth: Credentials, url: URL): Record<string, string> {
  if (!isAllowedHost(auth.allowedHosts, url)) {
    throw new Refused({
      code: "host-not-allowed",
      sentence: `The credentials of this connection must not be sent to ${url.host}.`,
      hint: `Its allowed hosts are: ${auth.allowedHosts}. Change the address, or the connection.`,
      field: "url",
    });
  }
  const { token = "", user = "", password = "", keyName = "", key = "" } = auth;
  switch (auth.kind) {
    case "bearer":
      return readHeaderLines(
        [{ name: "authorization", value: `Bearer ${token.replace(/^Bearer +/i, "")}` }],
        NOT_SETTABLE,
      );
    case "basic":
      return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
    case "header":
      return readHeaderLines([{ name: keyName, value: key }], NOT_SETTABLE);
    case "query":
      addQuery(url, [[keyName, key]]);
      return {};
  }
}

function isAllowedHost(allowedHosts: string | undefined, url: URL): boolean {
  const allowed = (allowedHosts ?? "")
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((host) => host !== "");
  return (
    allowed.length === 0 ||
    allowed.some((host) =>
      host.startsWith("*.")
        ? url.hostname.endsWith(host.slice(1))
        : host === url.hostname || host === url.host,
    )
  );
}

function withoutKey(text: string, auth: Credentials | undefined): string {
  if (auth?.kind !== "query") return text;
  const url = URL.parse(text);
  if (!url?.searchParams.has(auth.keyName ?? "")) return text;
  const hidden = new URLSearchParams([[auth.keyName ?? "", ""]]).toString();
  url.search = url.search
    .slice(1)
    .split("&")
    .filter((part) => !part.startsWith(hidden))
    .join("&");
  return url.href;
}

/** Made by the connection itself: a different value would make one request look like two. */
const NOT_SETTABLE = ["host", "content-length", "transfer-encoding", "connection"];

function bodyOf(given: z.output<typeof input>): { body?: string | FormData; contentType?: string } {
  if (!WITH_BODY.includes(given.method)) return {};
  switch (given.bodyType) {
    case "none":
      return {};
    case "json":
      return { body: JSON.stringify(given.json ?? null), contentType: "application/json" };
    case "form": {
      const pairs = given.form.flatMap(({ name, value }) =>
        listOf(value).map((one) => [name, singleText(one)]),
      );
      return {
        body: new URLSearchParams(pairs).toString(),
        contentType: "application/x-www-form-urlencoded",
      };
    }
    case "text":
      return { body: given.text ?? "", contentType: given.contentType ?? "text/plain; charset=utf-8" };
    case "multipart":
      return { body: multipart(given.form) };
  }
}

function multipart(pairs: { name: string; value: unknown }[]): FormData {
  const form = new FormData();
  for (const { name, value } of pairs) {
    for (const one of listOf(value)) {
      const file = FileValue.safeParse(one);
      if (!file.success) {
        form.append(name, singleText(one));
        continue;
      }
      const { base64, contentType: type = "application/octet-stream", filename = "file" } = file.data;
      form.append(name, new File([Buffer.from(base64, "base64")], filename, { type }));
    }
  }
  return form;
}

/** A list of single values is one entry for each; a list of anything else is one value, written as JSON. */
function listOf(value: unknown): unknown[] {
  if (!Array.isArray(value)) return [value];
  const plain = value.every((one) => typeof one !== "object" || FileValue.safeParse(one).success);
  return plain ? value : [value];
}

function readAnswer(body: Uint8Array, contentType: string, as: "auto" | "json" | "text" | "file"): unknown {
  const type = (contentType.split(";", 1)[0] ?? "").trim().toLowerCase();
  if (as === "file" || (as === "auto" && !isText(type) && body.byteLength > 0)) {
    const base64 = Buffer.from(body).toString("base64");
    return { contentType: type || "application/octet-stream", size: body.byteLength, base64 };
  }
  if (
    as === "json" ||
    (as === "auto" && (type === "" || /^application\/json$|\+json$|^text\/json$/.test(type)))
  ) {
    const parsed = parseBody(body, "application/json");
    if (parsed.ok) return parsed.body;
    // What was asked for has happened: an answer that only calls itself JSON is no reason to fail.
    if (as === "json") {
      throw new Refused({
        code: "http-not-json",
        sentence: `The answer can't be read as JSON. ${parsed.sentence}`,
        hint: "The request itself went well. Set “Read the answer as” to “Automatic”.",
      });
    }
  }
  return body.byteLength === 0 ? null : decode(body, contentType);
}

function isText(type: string): boolean {
  return (
    type === "" ||
    type.startsWith("text/") ||
    type.endsWith("+json") ||
    type.endsWith("+xml") ||
    /^application\/(json|xml|javascript|x-www-form-urlencoded|x-ndjson|yaml|graphql)$/.test(type)
  );
}

function decode(body: Uint8Array, contentType: string): string {
  const charset = /charset="?([\w-]+)/i.exec(contentType)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
}
