import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleMinus,
  IconCircleX,
} from "@tabler/icons-react";

import classes from "./status.module.css";
import type { PartState } from "../../status/types";

const ICONS = {
  pass: IconCircleCheck,
  warn: IconAlertTriangle,
  fail: IconCircleX,
  unknown: IconCircleDashed,
  not_configured: IconCircleMinus,
} as const;

/** A state at a glance, by its shape as by its colour; the words stand beside it. */
export function StateIcon({ state, size = 18 }: { readonly state: PartState; readonly size?: number }) {
  const Icon = ICONS[state];
  return <Icon size={size} aria-hidden className={`${classes["icon"]} ${classes[state]}`} />;
}
