import { Group, Loader, Pagination, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";

import type { components } from "../../../api/schema";
import { Section } from "../../../components/Section";
import { formatCount } from "../../../format";
import { ColumnsTable } from "./ColumnsTable";

const PAGE = 50;
const SEARCH_FROM = 15;

interface Props {
  readonly schema: components["schemas"]["TableSchema"];
  readonly profile: components["schemas"]["Profile"] | undefined;
  readonly isProfiling: boolean;
  readonly onColumn: (name: string) => void;
}

/** The columns with what stands in them; a table may have ten thousand. */
export function ColumnsSection({ schema, profile, isProfiling, onColumn }: Props) {
  const [typed, setTyped] = useState("");
  const [page, setPage] = useState(1);
  const found = schema.columns.filter(({ name }) => name.toLowerCase().includes(typed.trim().toLowerCase()));
  const pages = Math.ceil(found.length / PAGE);
  const shown = found.slice((page - 1) * PAGE, page * PAGE);
  return (
    <Section
      title={`Columns (${formatCount(schema.columns.length)})`}
      about={
        isProfiling ? (
          <Group gap="xs" role="status">
            <Loader size="xs" aria-hidden />
            Every value is being looked at; types and missing values are known already.
          </Group>
        ) : (
          "Choose a column to see how its values are spread."
        )
      }
      actions={
        schema.columns.length > SEARCH_FROM && (
          <TextInput
            aria-label="Search columns by name"
            placeholder="Search columns"
            type="search"
            leftSection={<IconSearch size={16} aria-hidden />}
            value={typed}
            onChange={({ currentTarget }) => {
              setTyped(currentTarget.value);
              setPage(1);
            }}
          />
        )
      }
    >
      {shown.length === 0 ? (
        <Text size="sm" c="dimmed">
          No column is called like “{typed.trim()}”.
        </Text>
      ) : (
        <ColumnsTable columns={shown} rows={schema.rows} profile={profile} onColumn={onColumn} />
      )}
      {pages > 1 && (
        <Pagination
          total={pages}
          value={page}
          onChange={setPage}
          size="sm"
          getControlProps={(control) => ({ "aria-label": `${control} page of columns` })}
          getItemProps={(item) => ({ "aria-label": `Page ${item} of columns` })}
        />
      )}
    </Section>
  );
}
