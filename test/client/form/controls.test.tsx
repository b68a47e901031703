// @vitest-environment happy-dom
// Each control of a form: what a person reads, and what the form is told when something is entered.

import { fireEvent, screen, within } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, test } from "vitest";
import { Form } from "../../../client/form/Form.tsx";
import { FormContext, type FormPlace, type WritingProps } from "../../../client/form/form-place.ts";
import { initialValues, problemsOf, type Values } from "../../../client/form/form-values.ts";
import type { Control, FieldSpec } from "../../../shared/field.ts";
import { choose, description, find, held, press, show, type } from "../../kit/dom.tsx";

const field = (control: Control, more: Partial<FieldSpec> = {}): FieldSpec => ({
  key: "it",
  label: "Thing",
  control,
  required: false,
  ...more,
});

interface About {
  value?: unknown;
  problem?: string;
  kept?: string;
  place?: FormPlace;
}

/** Shows one field; gives what its form was told, oldest first. */
function showField(spec: FieldSpec, { value, problem, kept, place }: About = {}): unknown[] {
  const values = initialValues([spec], value === undefined ? {} : { it: value });
  const told: unknown[] = [];
  showForm([spec], values, {
    problems: problem === undefined ? {} : { it: problem },
    kept: kept === undefined ? {} : { it: kept },
    place,
    onChange: (next) => told.push(next.it),
  });
  return told;
}

interface Around {
  problems?: Record<string, string>;
  kept?: Record<string, string>;
  place?: FormPlace | undefined;
  onChange?: (values: Values) => void;
}

/** Shows a form that keeps what is entered, as the pages do. */
function showForm(fields: FieldSpec[], start: Values = initialValues(fields), around: Around = {}): void {
  function Page() {
    const [values, setValues] = useState(start);
    return (
      <FormContext value={around.place ?? null}>
        <Form
          fields={fields}
          values={values}
          problems={around.problems ?? {}}
          kept={around.kept ?? {}}
          onChange={(next) => {
            setValues(next);
            around.onChange?.(next);
          }}
        />
      </FormContext>
    );
  }
  show(<Page />);
}

/** A step's panel, whose fields for data are plain boxes here. */
const panel = (more: Partial<FormPlace> = {}): FormPlace => ({
  Writing: ({ label, kind, value, onChange, problem, placeholder, wanting, aside }: WritingProps) => (
    <div>
      <input
        aria-label={label}
        data-kind={kind}
        data-wanting={wanting}
        placeholder={placeholder}
        value={typeof value === "string" ? value : JSON.stringify(value)}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {problem && <p role="alert">{problem}</p>}
      {aside}
    </div>
  ),
  problemAt: () => undefined,
  holds: () => undefined,
  ...more,
});

const options = [
  { value: "get", label: "Read" },
  { value: "post", label: "Send" },
];

describe("a field's label, help and problem", () => {
  const alone: Control[] = ["text", "longText", "number", "select", "json", "date", "timeZone"];
  const roles: Partial<Record<Control, string>> = { select: "combobox", timeZone: "combobox" };
  const box = (control: Control) =>
    control === "date" ? screen.getByLabelText("Thing") : find(roles[control] ?? "textbox", /^Thing/);

  test.each(alone)("%s: the help and the problem are read aloud with it", (control) => {
    showField(field(control, { help: "What it is for.", options }), { problem: "Thing is wrong." });
    expect(box(control).getAttribute("aria-invalid")).toBe("true");
    expect(description(box(control))).toContain("What it is for.");
    expect(description(box(control))).toContain("Thing is wrong.");
    expect(screen.getByText("Thing is wrong.")).toBeTruthy();
  });

  test.each(alone)("%s: nothing is invalid, and nothing is said, while there is no problem", (control) => {
    showField(field(control, { options }));
    expect(box(control).getAttribute("aria-invalid")).not.toBe("true");
    expect(description(box(control))).toBe("");
  });

  test("a secret: the help and the problem are read aloud with it", () => {
    showField(field("secret", { help: "What it is for." }), { problem: "Thing is wrong." });
    const said = description(screen.getByLabelText("Thing", { selector: "input" }));
    expect(said).toContain("What it is for.");
    expect(said).toContain("Thing is wrong.");
  });

  test("a switch: the help and the problem are read aloud with it", () => {
    showField(field("toggle", { help: "What it is for." }), { problem: "Thing is wrong." });
    expect(description(find("switch", /^Thing/))).toBe("What it is for. Thing is wrong.");
  });

  const several: Control[] = ["pairs", "duration", "conditions", "cases"];
  test.each(several)("%s: its parts are a group of the field's name, with help and problem", (control) => {
    showField(field(control, { help: "What it is for." }), { problem: "Thing is wrong." });
    const group = within(find("group", "Thing"));
    expect(group.getByText("What it is for.")).toBeTruthy();
    expect(group.getByText("Thing is wrong.")).toBeTruthy();
  });

  test("a problem is shown at its own field only", () => {
    const fields = [field("text"), field("text", { key: "other", label: "Other" })];
    showForm(fields, initialValues(fields), { problems: { other: "Other is wrong." } });
    expect(find("textbox", "Thing").getAttribute("aria-invalid")).not.toBe("true");
    expect(find("textbox", "Other").getAttribute("aria-invalid")).toBe("true");
  });

  test("every field can be found by its place in the input", () => {
    showField(field("list", { items: [field("text", { key: "name", label: "Name" })] }), {
      value: [{ name: "a" }, { name: "b" }],
    });
    const places = [...document.querySelectorAll<HTMLElement>("[data-field]")];
    expect(places.map((one) => one.dataset.field)).toEqual(["it", "it.0.name", "it.1.name"]);
  });
});

describe("what must be filled in", () => {
  const label = () => screen.getByText(/^Thing/, { selector: "label" }).textContent;

  test("a required field has a mark, and says so to assistive technology", () => {
    showField(field("text", { required: true }));
    expect(label()).toBe("Thing *");
    expect(screen.getByRole("textbox").hasAttribute("required")).toBe(true);
  });

  test("one that is required while it is shown has the same mark", () => {
    showField(field("text", { requiredWhenShown: true }));
    expect(label()).toBe("Thing *");
  });

  test("any other has none", () => {
    showField(field("text"));
    expect(label()).toBe("Thing");
    expect(screen.getByRole("textbox").hasAttribute("required")).toBe(false);
  });

  test("a group of parts has the mark as well", () => {
    showField(field("pairs", { required: true }));
    expect(screen.getByText(/^Thing/).textContent).toBe("Thing *");
  });

  test("inside a step's panel an empty one is wanting until something is in it", () => {
    showField(field("text", { required: true }), { place: panel() });
    expect(find("textbox", "Thing").dataset.wanting).toBe("true");
    type(find("textbox", "Thing"), "a");
    expect(find("textbox", "Thing").dataset.wanting).toBe("false");
  });
});

describe("which fields are there", () => {
  const kind = field("select", { key: "kind", label: "Kind", options, default: "get" });
  const body = field("text", { key: "body", label: "Body", showIf: { field: "kind", in: ["post"] } });
  const bodyBox = () => screen.queryByRole("textbox", { name: "Body" });

  test("a field that depends on another one comes and goes with its value", () => {
    showForm([kind, body]);
    expect(bodyBox()).toBeNull();
    choose("Kind", "Send");
    expect(bodyBox()).not.toBeNull();
    choose("Kind", "Read");
    expect(bodyBox()).toBeNull();
  });

  test("what was entered is still there when the field comes back", () => {
    showForm([kind, body], { kind: "post", body: "hello" });
    choose("Kind", "Read");
    choose("Kind", "Send");
    expect(held(find("textbox", "Body"))).toBe("hello");
  });

  test("advanced fields are under “More options” until it is opened", async () => {
    showForm([field("text"), field("text", { key: "rare", label: "Rare", advanced: true })]);
    const more = find("button", "More options");
    expect(screen.queryByRole("textbox", { name: "Rare" })).toBeNull();
    expect(more.getAttribute("aria-expanded")).toBe("false");
    fireEvent.click(more);
    expect(more.getAttribute("aria-expanded")).toBe("true");
    expect(await screen.findByRole("textbox", { name: "Rare" })).toBeTruthy();
  });

  test("“More options” is open when a problem is in there", () => {
    const fields = [field("text", { advanced: true })];
    showForm(fields, initialValues(fields), { problems: { it: "Thing is wrong." } });
    expect(find("button", "More options").getAttribute("aria-expanded")).toBe("true");
  });

  test("without advanced fields nothing offers more", () => {
    showForm([field("text")]);
    expect(screen.queryByRole("button", { name: "More options" })).toBeNull();
  });
});

describe("texts and numbers", () => {
  test.each<Control>(["text", "longText"])("%s gives what is typed", (control) => {
    const told = showField(field(control, { placeholder: "Ada" }), { value: "old" });
    const box = find("textbox", "Thing");
    expect(held(box)).toBe("old");
    expect(box.getAttribute("placeholder")).toBe("Ada");
    type(box, "new");
    expect(told).toEqual(["new"]);
    expect(held(box)).toBe("new");
  });

  test("long text keeps its lines", () => {
    const told = showField(field("longText"));
    type(find("textbox", "Thing"), "one\ntwo");
    expect(told).toEqual(["one\ntwo"]);
  });

  test("a value that is no text is shown as JSON", () => {
    showField(field("text"), { value: { a: 1 } });
    expect(held(find("textbox", "Thing"))).toBe('{"a":1}');
  });

  test("a number is given as a number, and an emptied field as empty", () => {
    const told = showField(field("number"), { value: 5 });
    const box = find("textbox", "Thing");
    expect(held(box)).toBe("5");
    type(box, "12.5");
    type(box, "");
    expect(told).toEqual([12.5, ""]);
  });

  test("letters do not get into a number", () => {
    const told = showField(field("number"), { value: 5 });
    type(find("textbox", "Thing"), "abc");
    expect(told).toEqual([""]);
    expect(held(find("textbox", "Thing"))).toBe("");
  });

  test("a text that was kept where a number belongs is named as a problem", () => {
    const spec = field("number");
    const problem = problemsOf([spec], { it: "many" }).it ?? "";
    showField(spec, { value: "many", problem });
    expect(description(find("textbox", "Thing"))).toBe("Thing is a number.");
  });

  test("inside a step's panel a number without a value shows its default", () => {
    const told = showField(field("number", { default: 30 }), { value: "", place: panel() });
    const box = find("textbox", "Thing");
    expect(box.getAttribute("placeholder")).toBe("30");
    expect(box.dataset.kind).toBe("number");
    type(box, "{{trigger.body.count}}");
    expect(told).toEqual(["{{trigger.body.count}}"]);
  });
});

describe("choices", () => {
  test("a switch gives yes or no", () => {
    const told = showField(field("toggle"));
    fireEvent.click(find("switch", "Thing"));
    fireEvent.click(find("switch", "Thing"));
    expect(told).toEqual([true, false]);
  });

  test("a switch that nobody touched shows its default", () => {
    showForm([field("toggle", { default: true })], {});
    expect(screen.getByRole<HTMLInputElement>("switch").checked).toBe(true);
  });

  test("a list shows the words and gives the value", () => {
    const told = showField(field("select", { options, default: "get" }));
    expect(held(find("combobox", "Thing"))).toBe("Read");
    choose("Thing", "Send");
    expect(told).toEqual(["post"]);
    expect(held(find("combobox", "Thing"))).toBe("Send");
  });

  test("choosing the chosen one again empties a field that may be empty", () => {
    const told = showField(field("select", { options }), { value: "get" });
    choose("Thing", "Read");
    expect(told).toEqual([""]);
  });

  test("a field with a default always keeps a choice", () => {
    const told = showField(field("select", { options, default: "get" }));
    choose("Thing", "Read");
    expect(told).not.toContain("");
    expect(held(find("combobox", "Thing"))).toBe("Read");
  });

  test("a time zone is found by a part of its name", () => {
    const told = showField(field("timeZone", { default: "UTC" }));
    const box = find("combobox", "Thing");
    expect(held(box)).toBe("UTC");
    fireEvent.click(box);
    type(box, "berl");
    expect(screen.getAllByRole("option").map((one) => one.textContent)).toEqual(["Europe/Berlin"]);
    fireEvent.click(find("option", "Europe/Berlin"));
    expect(told).toEqual(["Europe/Berlin"]);
  });

  test("a time zone that does not exist is answered with words", () => {
    const told = showField(field("timeZone", { default: "UTC" }));
    fireEvent.click(find("combobox", "Thing"));
    type(find("combobox", "Thing"), "atlantis");
    expect(screen.getByText("No such time zone")).toBeTruthy();
    expect(told).toEqual([]);
  });

  test("inside a step's panel a choice can be taken from data, and back", () => {
    const told = showField(field("select", { options, default: "get" }), { place: panel() });
    press("Thing: take it from data");
    type(find("textbox", "Thing"), "{{trigger.body.method}}");
    expect(screen.queryByRole("combobox")).toBeNull();
    press("Thing: choose a fixed value");
    expect(told).toEqual(["{{trigger.body.method}}", "get"]);
    expect(held(find("combobox", "Thing"))).toBe("Read");
  });

  test("outside a step's panel there is no data to take", () => {
    showField(field("select", { options }));
    expect(screen.queryByRole("button", { name: /take it from data/ })).toBeNull();
  });
});

describe("secrets, JSON and times", () => {
  const secretBox = () => screen.getByLabelText<HTMLInputElement>(/^Thing/, { selector: "input" });

  test("a secret is hidden while it is typed", () => {
    const told = showField(field("secret"));
    type(secretBox(), "s3cret");
    expect(told).toEqual(["s3cret"]);
    expect(secretBox().type).toBe("password");
  });

  test("a kept secret is named by its mask, and may stay empty", () => {
    const told = showField(field("secret", { required: true }), { kept: "••••1234" });
    expect(secretBox().placeholder).toBe("Kept: ••••1234. Type to replace it.");
    expect(secretBox().value).toBe("");
    expect(secretBox().required).toBe(false);
    expect(told).toEqual([]);
  });

  test("a secret that is not kept yet is required", () => {
    showField(field("secret", { required: true, placeholder: "xoxb-…" }));
    expect(secretBox().placeholder).toBe("xoxb-…");
    expect(secretBox().required).toBe(true);
  });

  test("JSON is shown as text with indents, and given as text", () => {
    const told = showField(field("json"), { value: { a: [1] } });
    const box = find("textbox", "Thing");
    expect(held(box)).toBe('{\n  "a": [\n    1\n  ]\n}');
    type(box, '{"a":2}');
    expect(told).toEqual(['{"a":2}']);
  });

  test("JSON is laid out when the field is left; what is not JSON stays as it was typed", () => {
    const told = showField(field("json"));
    const box = find("textbox", "Thing");
    type(box, '{"a":2}');
    fireEvent.blur(box);
    expect(told.at(-1)).toBe('{\n  "a": 2\n}');
    type(box, '{"a":');
    fireEvent.blur(box);
    expect(held(box)).toBe('{"a":');
  });

  test("a day and a time are given as the browser writes them", () => {
    const told = showField(field("date", { placeholder: "{{now}}" }));
    const box = screen.getByLabelText<HTMLInputElement>("Thing");
    expect(box.type).toBe("datetime-local");
    expect(box.placeholder).toBe("");
    type(box, "2026-03-01T09:30");
    expect(told).toEqual(["2026-03-01T09:30"]);
  });

  test("a duration is an amount and a unit, given together", () => {
    const told = showField(field("duration", { default: { amount: 5, unit: "minutes" } }));
    expect(held(find("textbox", "Thing: amount"))).toBe("5");
    type(find("textbox", "Thing: amount"), "90");
    choose("Thing: unit", "seconds");
    expect(told).toEqual([
      { amount: "90", unit: "minutes" },
      { amount: "90", unit: "seconds" },
    ]);
  });

  test("a schedule can be chosen ready-made, and is said in words", () => {
    const told = showField(field("cron"), { value: "0 9 * * 1" });
    expect(screen.getByText("Every Monday at 9:00")).toBeTruthy();
    press("Every hour");
    expect(told).toEqual(["0 * * * *"]);
    expect(held(find("textbox", "Thing"))).toBe("0 * * * *");
  });
});

describe("lists and rows", () => {
  test("pairs: rows are added, filled in and taken away", () => {
    const told = showField(field("pairs"));
    press("Add a row");
    type(find("textbox", "Thing: name 1"), "Accept");
    type(find("textbox", "Thing: value 1"), "text/html");
    press("Add a row");
    press("Thing: remove row 1");
    expect(told).toEqual([
      [{ name: "", value: "" }],
      [{ name: "Accept", value: "" }],
      [{ name: "Accept", value: "text/html" }],
      [
        { name: "Accept", value: "text/html" },
        { name: "", value: "" },
      ],
      [{ name: "", value: "" }],
    ]);
  });

  test("pairs: taking away a row in the middle leaves the others as they are", () => {
    const pair = (name: string) => ({ name, value: name.toUpperCase() });
    const told = showField(field("pairs"), { value: ["a", "b", "c"].map(pair) });
    press("Thing: remove row 2");
    expect(told).toEqual([["a", "c"].map(pair)]);
    expect(held(find("textbox", "Thing: name 2"))).toBe("c");
    expect(held(find("textbox", "Thing: value 2"))).toBe("C");
  });

  test("pairs: inside a step's panel a problem is at the cell it is about", () => {
    const place = panel({ problemAt: (path) => (path === "it.1.value" ? "No such step." : undefined) });
    showField(field("pairs"), { place, value: ["a", "b"].map((name) => ({ name, value: "" })) });
    const alert = screen.getByRole("alert");
    expect(alert.textContent).toBe("No such step.");
    expect(alert.parentElement?.contains(find("textbox", "Thing: value 2"))).toBe(true);
  });

  test("a list takes an entry with Enter, the same one twice as well, and one that was left standing", () => {
    const told = showField(field("list"));
    const box = screen.getByPlaceholderText("Type, then Enter");
    type(box, "a");
    fireEvent.keyDown(box, { key: "Enter" });
    type(box, "a");
    fireEvent.keyDown(box, { key: "Enter" });
    type(box, "b");
    fireEvent.blur(box);
    expect(told).toEqual([["a"], ["a", "a"], ["a", "a", "b"]]);
  });

  test("a list gives up its last entry with Backspace", () => {
    const told = showField(field("list"), { value: ["a", "b"] });
    expect(screen.getByText("b")).toBeTruthy();
    fireEvent.keyDown(screen.getByLabelText("Thing", { selector: "input" }), { key: "Backspace" });
    expect(told).toEqual([["a"]]);
    expect(screen.queryByText("b")).toBeNull();
  });

  test("inside a step's panel a list has a box for each entry", () => {
    const told = showField(field("list"), { place: panel() });
    type(find("textbox", "Thing"), "a");
    press("Add another");
    type(find("textbox", "Thing 2"), "{{trigger.body.tag}}");
    press("Thing: remove entry 1");
    type(find("textbox", "Thing"), "");
    expect(told).toEqual([["a"], ["a", ""], ["a", "{{trigger.body.tag}}"], ["{{trigger.body.tag}}"], []]);
  });

  const items = [
    field("text", { key: "name", label: "Name", required: true }),
    field("toggle", { key: "inline", label: "Inline", default: true }),
  ];

  test("rows: an entry begins with its fields' defaults, and is changed alone", () => {
    const told = showField(field("list", { items }), { value: [{ name: "old", inline: false }] });
    press("Add an entry");
    const second = screen.getAllByRole("textbox", { name: /^Name/ })[1];
    if (second) type(second, "new");
    expect(told).toEqual([
      [
        { name: "old", inline: false },
        { name: "", inline: true },
      ],
      [
        { name: "old", inline: false },
        { name: "new", inline: true },
      ],
    ]);
  });

  test("rows: an entry is taken away", () => {
    const told = showField(field("list", { items }), { value: [{ name: "a" }, { name: "b" }] });
    press("Thing: remove entry 1");
    expect(told).toEqual([[{ name: "b" }]]);
  });
});

describe("conditions and cases", () => {
  const rule = (left: string, right = "") => ({ left, op: "equals", right });
  const one = { match: "all", rules: [rule("{{trigger.body.total}}", "5")] };

  test("a condition is a value, a comparison in words, and what it is compared with", () => {
    showField(field("conditions"), { value: one });
    expect(held(find("textbox", "Thing: value 1"))).toBe("{{trigger.body.total}}");
    expect(held(find("combobox", "Thing: comparison 1"))).toBe("is");
    expect(held(find("textbox", "Thing: compared with 1"))).toBe("5");
  });

  test("a comparison that needs nothing to compare with takes that box away", () => {
    const told = showField(field("conditions"), { value: one });
    choose("Thing: comparison 1", "is empty");
    expect(told).toEqual([{ match: "all", rules: [{ left: "{{trigger.body.total}}", op: "empty" }] }]);
    expect(screen.queryByRole("textbox", { name: "Thing: compared with 1" })).toBeNull();
  });

  test("a second condition brings the choice between all and any", () => {
    const told = showField(field("conditions"), { value: one });
    expect(screen.queryByText("Any of these holds")).toBeNull();
    press("Add a condition");
    expect(screen.getByText("and")).toBeTruthy();
    fireEvent.click(screen.getByLabelText("Any of these holds"));
    expect(screen.getByText("or")).toBeTruthy();
    type(find("textbox", "Thing: value 2"), "x");
    expect(told.at(-1)).toEqual({ match: "any", rules: [one.rules[0], rule("x")] });
  });

  test("any condition but the only one can be taken away", () => {
    const told = showField(field("conditions"), {
      value: { match: "all", rules: [rule("a"), { left: "b", op: "isTrue" }] },
    });
    press("Thing: remove condition 1 (is)");
    expect(told).toEqual([{ match: "all", rules: [{ left: "b", op: "isTrue" }] }]);
    expect(screen.queryByRole("button", { name: /remove condition/ })).toBeNull();
  });

  test.each([
    [true, "Holds with the data at hand"],
    [false, "Does not hold with the data at hand"],
  ])("inside a step's panel it says whether they hold: %s", (holds, words) => {
    showField(field("conditions"), { value: one, place: panel({ holds: () => holds }) });
    expect(screen.getByText(words)).toBeTruthy();
  });

  test("nothing is said while it cannot be told whether they hold", () => {
    showField(field("conditions"), { value: one, place: panel() });
    expect(screen.queryByText(/with the data at hand/)).toBeNull();
  });

  const cases = [
    { id: "big", name: "Big", when: one },
    { id: "small", name: "Small", when: one },
  ];

  test("a case is renamed without its id changing", () => {
    const told = showField(field("cases"), { value: cases });
    type(find("textbox", "Case 1: name"), "Huge");
    expect(told).toEqual([[{ id: "big", name: "Huge", when: one }, cases[1]]]);
    expect(find("region", "Case “Huge”")).toBeTruthy();
  });

  test("a case without a name asks for one", () => {
    showField(field("cases"), { value: cases });
    type(find("textbox", "Case 2: name"), " ");
    expect(description(find("textbox", "Case 2: name"))).toBe("Give it a name.");
  });

  test("cases change places, and the ends go no further", () => {
    const told = showField(field("cases"), { value: cases });
    expect(find("button", "Look at “Big” earlier").hasAttribute("disabled")).toBe(true);
    expect(find("button", "Look at “Small” later").hasAttribute("disabled")).toBe(true);
    press("Look at “Small” earlier");
    expect(told).toEqual([[cases[1], cases[0]]]);
  });

  test("cases are added and taken away; the last one stays", () => {
    const told = showField(field("cases"), { value: cases });
    press("Add a case");
    expect(told[0]).toMatchObject([{ id: "big" }, { id: "small" }, { id: "case3", name: "case 3" }]);
    press("Remove the case “Big” and its edges");
    press("Remove the case “Small” and its edges");
    expect(told.at(-1)).toMatchObject([{ id: "case3" }]);
    const last = find("button", "Remove the case “case 3” and its edges");
    expect(last.hasAttribute("disabled")).toBe(true);
  });

  test("a case's conditions are changed alone", () => {
    const told = showField(field("cases"), { value: cases });
    type(find("textbox", "Small: compared with 1"), "9");
    expect(told).toEqual([
      [cases[0], { ...cases[1], when: { match: "all", rules: [rule("{{trigger.body.total}}", "9")] } }],
    ]);
  });
});
