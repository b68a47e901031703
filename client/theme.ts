// The look, in Mantine's words: colours, type, radii, and the defaults of its components.

import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

/** The product's colour: a teal, far enough from the green of “succeeded” and the blue of “running”. */
const lagoon: MantineColorsTuple = [
  "#e8f6f6",
  "#d0ebec",
  "#a4d7d9",
  "#74c2c6",
  "#52b3b8",
  "#319ca2",
  "#147e85",
  "#0c6f76",
  "#085a60",
  "#05454a",
];

/** Neutrals with a little of the teal in them; dark ones from text (0) to the deepest ground (9). */
const dark: MantineColorsTuple = [
  "#e3e8e8",
  "#c3cccd",
  "#a1adaf",
  "#73807f",
  "#384345",
  "#2b3537",
  "#1f2729",
  "#171d1f",
  "#0f1415",
  "#0a0d0e",
];

/** Dark enough for white words at 6 and 7, which buttons are made of. */
const red: MantineColorsTuple = [
  "#fdebe9",
  "#fad5d1",
  "#f5aca5",
  "#f08579",
  "#f0766a",
  "#e25b4f",
  "#cf3f34",
  "#b3261e",
  "#97201a",
  "#7a1813",
];

export const theme = createTheme({
  primaryColor: "lagoon",
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  colors: { lagoon, red, dark },
  black: "#141b1c",
  fontFamily: "Geist, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  fontFamilyMonospace: "'Geist Mono', ui-monospace, SFMono-Regular, Menlo, Consolas, monospace",
  headings: { fontWeight: "620" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontSizes: { xs: "0.75rem", sm: "0.8438rem", md: "0.9375rem", lg: "1.0625rem", xl: "1.25rem" },
  components: {
    Button: { defaultProps: { size: "sm" } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 250, fz: "xs" } },
    Menu: {
      // Its first item takes the focus; the placeholder that would is no child that a menu may have.
      defaultProps: { shadow: "md", position: "bottom-end", width: 210, withInitialFocusPlaceholder: false },
    },
    Modal: {
      defaultProps: {
        radius: "lg",
        centered: true,
        overlayProps: { backgroundOpacity: 0.45, blur: 2 },
        closeButtonProps: { "aria-label": "Close" },
      },
      styles: {
        content: { background: "var(--card)" },
        header: { background: "var(--card)" },
        title: { fontWeight: 620, fontSize: "1.0625rem" },
      },
    },
    Anchor: { defaultProps: { underline: "hover" } },
  },
});

/** Where Mantine's own greys have too little contrast for reading, ours step in. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#f6f7f7",
    "--mantine-color-text": "#141b1c",
    "--mantine-color-dimmed": "#566366",
    "--mantine-color-placeholder": "#667275",
    "--mantine-color-default-border": "#d5dbdc",
    "--mantine-color-error": "#b3261e",
    "--mantine-color-anchor": "#0b656b",
  },
  dark: {
    "--mantine-color-body": "#0f1415",
    "--mantine-color-text": "#e3e8e8",
    "--mantine-color-dimmed": "#9aa8aa",
    "--mantine-color-placeholder": "#8a989a",
    "--mantine-color-default-border": "#354042",
    "--mantine-color-error": "#ff9a90",
    "--mantine-color-anchor": "#74c2c6",
  },
});
