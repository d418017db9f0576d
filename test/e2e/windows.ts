/** Colours and widths are judged together: one window of each kind meets both. */
export const WINDOWS = [
  { colorScheme: "light", width: 1280 },
  { colorScheme: "dark", width: 390 },
] as const;
