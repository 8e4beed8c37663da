import { NavLink } from "@mantine/core";
import { IconChartHistogram } from "@tabler/icons-react";

import { usePlatform } from "../app/platform";
import { Problem } from "../components/Problem";
import { useOpenMlflow } from "./useOpenMlflow";

/** The menu's way to MLflow, where there is one; for admins. */
export function MlflowItem({ className }: { readonly className: string }) {
  const { config } = usePlatform();
  const open = useOpenMlflow();
  if (!config.mlflow) {
    return null;
  }
  return (
    <>
      <NavLink
        component="button"
        type="button"
        className={className}
        leftSection={<IconChartHistogram size={18} aria-hidden />}
        label="MLflow"
        disabled={open.isPending}
        onClick={() => {
          open.mutate("/mlflow/");
        }}
      />
      {open.isError && <Problem error={open.error} title="MLflow could not be opened" />}
    </>
  );
}
