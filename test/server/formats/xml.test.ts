// XML as data: attributes, repeated elements, text and what stands for characters.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readXml } from "../../../server/formats/xml.ts";

function xml(text: string): unknown {
  const read = readXml(text);
  if (!read.ok) throw new Error(read.sentence);
  return read.body;
}

test("a SOAP message keeps its names, its attributes and its order", () => {
  const body = `<?xml version="1.0" encoding="UTF-8"?>
    <!-- sent by hand -->
    <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">
      <soap:Body><order id="7" paid='yes'>
        <line sku="a">1</line>
        <line sku="b">2</line>
        <note/>
        <total currency="EUR">010.50</total>
      </order></soap:Body>
    </soap:Envelope>`;
  expect(xml(body)).toEqual({
    "soap:Envelope": {
      "@xmlns:soap": "http://schemas.xmlsoap.org/soap/envelope/",
      "soap:Body": {
        order: {
          "@id": "7",
          "@paid": "yes",
          line: [
            { "@sku": "a", "#text": "1" },
            { "@sku": "b", "#text": "2" },
          ],
          note: "",
          total: { "@currency": "EUR", "#text": "010.50" },
        },
      },
    },
  });
});

describe("text", () => {
  test.each([
    ["is trimmed of the blanks around it", "<a>\n  1 2 \n</a>", "1 2"],
    ["has its characters", "<a>&lt;&#65;&#x1F600;&amp;lt;&quot;&apos;</a>", "<A😀&lt;\"'"],
    ["keeps what stands for nothing", "<a>&nbsp;&#0;&#xD800;&#x110000;</a>", "&nbsp;&#0;&#xD800;&#x110000;"],
    ["in CDATA is as it is written", "<a><![CDATA[ <b> &lt; ]]></a>", " <b> &lt; "],
    ["in CDATA between lines is that alone", "<a>\n  <![CDATA[x]]>\n</a>", "x"],
    ["of a number stays text", "<a>1e3</a>", "1e3"],
    [
      "that looks like a document type is text",
      "<a><![CDATA[<!DOCTYPE x>]]><!-- <!DOCTYPE x> --></a>",
      "<!DOCTYPE x>",
    ],
  ])("%s", (_, text, value) => {
    expect(xml(text)).toEqual({ a: value });
  });

  test("beside elements is kept", () => {
    expect(xml("<a>one<b>two</b>three</a>")).toEqual({ a: { b: "two", "#text": "onethree" } });
  });

  test("of an attribute has its characters, and is not trimmed", () => {
    expect(xml('<a b=" &lt;&#65; "/>')).toEqual({ a: { "@b": " <A " } });
  });
});

test.each([
  ["nothing of it", "hello", /not well-formed/],
  ["an end that does not fit", "<a></b>", /closing tag.*line 1 column 4/],
  ["no end", "<a><b></b>", /Unclosed tag 'a'/],
  ["two outermost elements", "<a/><b/>", /more than one outermost element/],
  ["text after an empty element", "<a/>x", /text after its end/],
  ["text after the end", "<a></a>x", /not well-formed/],
  ["an attribute twice", '<a x="1" x="2"/>', /'x' is repeated/],
  ["a document type", "<!DOCTYPE a><a/>", /document type/],
  ["a document type in small letters", "<!doctype a><a/>", /document type/],
])("%s is refused with what is wrong", (_, text, sentence) => {
  expect(readXml(text)).toMatchObject({ code: "malformed-xml", sentence: expect.stringMatching(sentence) });
});

test("64 levels are read", () => {
  expect(readXml("<a>".repeat(64) + "</a>".repeat(64))).toMatchObject({ ok: true });
});

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

test("elements and their text come back as they were", () => {
  const name = fc
    .stringMatching(/^[a-z][a-z0-9_.-]{0,8}$/)
    .filter((n) => !/^(constructor|prototype)$/.test(n));
  const text = fc.string({ unit: "grapheme" }).map((t) => t.replaceAll(/\p{Cc}/gu, "").trim());
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.dictionary(name, fc.oneof(tie("tree"), fc.array(text, { minLength: 2, maxLength: 4 })), {
        minKeys: 1,
        maxKeys: 4,
        noNullPrototype: true,
      }),
    ),
  }));
  fc.assert(
    fc.property(tree, (data) => {
      expect(xml(written("r", data))).toEqual({ r: data });
    }),
  );
});

function written(name: string, data: unknown): string {
  if (Array.isArray(data)) return data.map((item) => written(name, item)).join("\n");
  if (typeof data !== "object" || data === null) return `<${name}>${escaped(String(data))}</${name}>`;
  const inside = Object.entries(data).map(([key, value]) => written(key, value));
  return `<${name}>\n${inside.join("\n")}\n</${name}>`;
}
