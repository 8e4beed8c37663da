import { Box } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  /** What is in it, for those who come to it by keyboard. */
  readonly label: string;
  /** Highest it gets before it scrolls downwards too. */
  readonly maxHeight?: number | string;
  readonly children: ReactNode;
}

/** What is wider than the page, such as a table: it scrolls by itself, by keyboard too. */
export function ScrollRegion({ label, maxHeight, children }: Props) {
  return (
    // `relative`: what is hidden from view in it must scroll with it, not widen the page.
    <Box
      component="section"
      aria-label={label}
      tabIndex={0}
      mah={maxHeight}
      pos="relative"
      style={{ overflow: "auto" }}
    >
      {children}
    </Box>
  );
}
