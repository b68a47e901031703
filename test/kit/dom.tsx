// Components in a DOM without a browser: shown in the app's look, taken away after each test, and read as a person does.

import { MantineProvider } from "@mantine/core";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach } from "vitest";
import { theme, variables } from "../../client/theme.ts";

// A box that grows with its text measures again when fonts arrive; here none do.
if (!("fonts" in document)) Object.defineProperty(document, "fonts", { value: new EventTarget() });

afterEach(cleanup);

export function show(children: ReactNode) {
  // No transitions: what opens is there at once.
  return render(
    <MantineProvider theme={theme} cssVariablesResolver={variables} env="test">
      {children}
    </MantineProvider>,
  );
}

/** The control of that role and name, as assistive technology finds it. */
export const find = (role: string, name: string | RegExp) => screen.getByRole(role, { name });

export const press = (name: string) => fireEvent.click(find("button", name));

export const focus = (element: HTMLElement) => act(() => element.focus());

/** Nobody types into a box that does not have the cursor. */
export function type(element: HTMLElement, text: string): void {
  focus(element);
  fireEvent.change(element, { target: { value: text } });
}

/** Opens a list and chooses from it. */
export function choose(name: string, option: string): void {
  fireEvent.click(find("combobox", name));
  fireEvent.click(find("option", option));
}

/** What is read aloud after an element's name: the texts it says it is described by. */
export function description(element: Element): string {
  const ids = (element.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id !== "");
  return ids.map((id) => document.getElementById(id)?.textContent ?? `(nothing has the id ${id})`).join(" ");
}

/** What a box holds. */
export const held = (element: Element) => ("value" in element ? element.value : undefined);
