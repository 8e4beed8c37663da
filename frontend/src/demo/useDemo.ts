import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { keys } from "../api/keys";
import { usePlatform } from "../app/platform";
import { useWorkspace } from "../app/workspace";
import type { Demo } from "./demos";
import { type Step, runDemo } from "./runDemo";

/** One click: loads a demo and leads to its analysis. */
export function useDemo() {
  const platform = usePlatform();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { workspace } = useWorkspace();
  const [step, setStep] = useState<Step>("fetching");
  const run = useMutation({
    mutationFn: (demo: Demo) => runDemo(platform, { demo, workspaceId: workspace.id, onStep: setStep }),
    onSuccess: async (analysis) => {
      client.setQueryData(keys.analysis(analysis.id), analysis);
      void client.invalidateQueries({ queryKey: keys.datasets });
      void client.invalidateQueries({ queryKey: [...keys.analyses, "list"] });
      await navigate({ to: "/analyses/$id", params: { id: analysis.id } });
    },
  });
  return { run, step };
}
