import { Loader } from "@mantine/core";
import { IconCircle, IconCircleCheckFilled, IconCircleMinus, IconCircleXFilled } from "@tabler/icons-react";

import type { StepState } from "../../deployments/types";

/** A step's state as a picture; whoever draws it says it in words too. */
export function StepIcon({ state }: { readonly state: StepState }) {
  switch (state) {
    case "waiting":
      return <IconCircle size={18} color="var(--mantine-color-dimmed)" aria-hidden />;
    case "running":
      return <Loader size={18} aria-hidden />;
    case "done":
      return <IconCircleCheckFilled size={18} color="var(--mantine-color-teal-light-color)" aria-hidden />;
    case "failed":
      return <IconCircleXFilled size={18} color="var(--mantine-color-error)" aria-hidden />;
    case "skipped":
      return <IconCircleMinus size={18} color="var(--mantine-color-dimmed)" aria-hidden />;
  }
}
