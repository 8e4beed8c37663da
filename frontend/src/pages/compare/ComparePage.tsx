import { Paper, Stack, Text } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { useAnalysis } from "../../analysis/useAnalysis";
import { Loading } from "../../components/Loading";
import { Page } from "../../components/Page";
import { Problem } from "../../components/Problem";
import { AnalysisPicker } from "./AnalysisPicker";
import classes from "./compare.module.css";
import { Compared } from "./Compared";

/** Two analyses side by side. */
export function ComparePage() {
  const { left = "", right = "" } = useSearch({ from: "/signed-in/compare" });
  const navigate = useNavigate({ from: "/compare" });
  const choose = (side: "left" | "right") => (id: string) =>
    navigate({ search: (now) => ({ ...now, [side]: id }), replace: true });
  const [one, other] = [useAnalysis(left), useAnalysis(right)];
  const refused = [one, other].find(({ isError }) => isError);
  const wanted = left !== "" && right !== "";

  return (
    <Page
      title="Compare two analyses"
      about="What differs in the questions, in the answers, and in what speaks against each."
    >
      <Stack gap="md">
        <div className={classes["sides"]}>
          <AnalysisPicker label="Left" chosen={left} current={one.data} onChoose={choose("left")} />
          <AnalysisPicker label="Right" chosen={right} current={other.data} onChoose={choose("right")} />
        </div>
        {refused && <Problem error={refused.error} onRetry={() => void refused.refetch()} />}
        {!wanted && (
          <Paper withBorder p="lg" radius="md">
            <Text c="dimmed">
              Choose {left === "" && right === "" ? "two analyses" : "another analysis"} to see them side by side.
            </Text>
          </Paper>
        )}
        {wanted && !refused && !(one.data && other.data) && <Loading what="Loading the analyses" />}
        {wanted && one.data && other.data && <Compared left={one.data} right={other.data} />}
      </Stack>
    </Page>
  );
}
