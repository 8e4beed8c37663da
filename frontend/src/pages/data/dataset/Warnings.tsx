import { Alert, Anchor, Button, List, Stack } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";

import { Backticks } from "../../../components/Backticks";
import type { components } from "../../../api/schema";
import { columnOf } from "../../../data/columns";

const SHOWN_AT_FIRST = 6;

interface Props {
  readonly profile: components["schemas"]["Profile"];
  readonly onColumn: (name: string) => void;
}

/** What to know of the columns before anything is asked of them. */
export function Warnings({ profile: { warnings, columns }, onColumn }: Props) {
  const [showsAll, setShowsAll] = useState(false);
  if (warnings.length === 0) {
    return null;
  }
  const names = columns.map(({ name }) => name);
  const shown = showsAll ? warnings : warnings.slice(0, SHOWN_AT_FIRST);
  return (
    <Alert
      color="yellow"
      icon={<IconAlertTriangle aria-hidden />}
      title={warnings.length === 1 ? "One thing to know before you ask" : "Things to know before you ask"}
    >
      <Stack gap="xs">
        <List size="sm" spacing={4}>
          {shown.map((warning) => {
            const column = columnOf(warning, names);
            return (
              <List.Item key={warning}>
                <Backticks text={warning} />{" "}
                {column !== undefined && (
                  <Anchor
                    component="button"
                    type="button"
                    size="sm"
                    underline="always"
                    aria-label={`Look at column ${column}`}
                    onClick={() => {
                      onColumn(column);
                    }}
                  >
                    Look at it
                  </Anchor>
                )}
              </List.Item>
            );
          })}
        </List>
        {shown.length < warnings.length && (
          <Button
            size="xs"
            variant="default"
            w="fit-content"
            onClick={() => {
              setShowsAll(true);
            }}
          >
            Show all {warnings.length}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
