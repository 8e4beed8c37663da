import { type CSSVariablesResolver, createTheme } from "@mantine/core";

/** The button that closes a dialog has a picture alone. */
const CLOSE = { closeButtonProps: { "aria-label": "Close" } };

/** Calm and dense: one blue, small radii, the system's own letters (nothing to load, and they fit the machine). */
export const theme = createTheme({
  primaryColor: "blue",
  primaryShade: 8,
  autoContrast: true,
  luminanceThreshold: 0.35,
  defaultRadius: "sm",
  cursorType: "pointer",
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', monospace",
  headings: { fontWeight: "650" },
  // By name: naming the components themselves would load the code of dialogs with the sign-in page.
  components: {
    Anchor: { defaultProps: { underline: "hover" } },
    Badge: { defaultProps: { radius: "sm" } },
    Alert: { styles: { title: { fontWeight: 650 } } },
    Modal: { styles: { title: { fontWeight: 650 } }, defaultProps: CLOSE },
    Drawer: { styles: { title: { fontWeight: 650 } }, defaultProps: CLOSE },
    // The header of a dialog is not the banner of the page.
    ModalHeader: { defaultProps: { role: "presentation" } },
    DrawerHeader: { defaultProps: { role: "presentation" } },
  },
});

/** Colours that reach the contrast of WCAG AA where Mantine's own do not. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#5c636a",
    "--mantine-color-anchor": "#1864ab",
    "--mantine-color-placeholder": "#6b7279",
    "--mantine-color-error": "#c92a2a",
    "--mantine-color-teal-light-color": "#05664a",
    "--mantine-color-red-light-color": "#b02525",
    "--mantine-color-orange-light-color": "#9c3d00",
    "--mantine-color-blue-light-color": "#1864ab",
    "--mantine-color-gray-light-color": "#495057",
    "--mantine-color-yellow-light-color": "#7a5200",
  },
  dark: {
    "--mantine-color-dimmed": "#a6a7ab",
    "--mantine-color-anchor": "#82c9ff",
    "--mantine-color-placeholder": "#9a9b9f",
    "--mantine-color-error": "#ff8787",
    "--mantine-color-teal-light-color": "#63e6be",
    "--mantine-color-red-light-color": "#ffa8a8",
    "--mantine-color-orange-light-color": "#ffc078",
    "--mantine-color-blue-light-color": "#a5d8ff",
    "--mantine-color-gray-light-color": "#ced4da",
    "--mantine-color-yellow-light-color": "#ffec99",
  },
});
