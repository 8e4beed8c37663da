import { Code, CopyButton, Group, List, Table, Text } from "@mantine/core";
import { ActionIcon, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";

import { mayWrite, useWorkspace } from "../../../app/workspace";
import { LinkButton } from "../../../components/links";
import { Person } from "../../../components/Person";
import { Section } from "../../../components/Section";
import { Time } from "../../../components/Time";
import type { Dataset } from "../../../data/datasets";
import { formatWords } from "../../../data/fileName";
import { sayStep } from "../../../data/recipe/words";
import { formatBytes, formatCount } from "../../../format";

/** Where a version comes from and how to know its bytes again. */
export function Details({ dataset }: { readonly dataset: Dataset }) {
  const { id, sha256, size_bytes, schema, recipe, derived_from, created_by, created_at, workspace_id } = dataset;
  const { workspaces } = useWorkspace();
  const workspace = workspaces.find((each) => each.id === workspace_id);
  const isMade = recipe != null && derived_from != null;
  return (
    <Section
      title="Where it comes from"
      actions={
        isMade &&
        schema &&
        workspace &&
        mayWrite(workspace) && (
          <LinkButton
            to="/data/$id/derive"
            params={{ id: derived_from.id }}
            search={{ like: id }}
            variant="default"
            size="xs"
          >
            Change the recipe
          </LinkButton>
        )
      }
    >
      {isMade && (
        <div>
          <Text size="sm">Made from version {derived_from.version} by these steps:</Text>
          <List type="ordered" size="sm" mt={4}>
            {recipe.steps.map((step, index) => (
              <List.Item key={index}>{sayStep(step)}</List.Item>
            ))}
          </List>
        </div>
      )}
      <Table variant="vertical" layout="auto">
        <Table.Tbody>
          <Table.Tr>
            <Table.Th scope="row">{isMade ? "Made" : "Uploaded"}</Table.Th>
            <Table.Td>
              by <Person id={created_by} workspaceId={workspace_id} />, <Time at={created_at} />
            </Table.Td>
          </Table.Tr>
          {workspace && (
            <Table.Tr>
              <Table.Th scope="row">Workspace</Table.Th>
              <Table.Td>{workspace.name}</Table.Td>
            </Table.Tr>
          )}
          {schema && typeof size_bytes === "number" && (
            <Table.Tr>
              <Table.Th scope="row">File</Table.Th>
              <Table.Td>
                {formatWords(schema.format)}, {formatBytes(size_bytes)} ({formatCount(size_bytes)} bytes)
              </Table.Td>
            </Table.Tr>
          )}
          {typeof sha256 === "string" && (
            <Table.Tr>
              <Table.Th scope="row">SHA-256</Table.Th>
              <Table.Td>
                <Copied what="SHA-256" value={sha256} />
              </Table.Td>
            </Table.Tr>
          )}
          <Table.Tr>
            <Table.Th scope="row">Id</Table.Th>
            <Table.Td>
              <Copied what="id" value={id} />
            </Table.Td>
          </Table.Tr>
        </Table.Tbody>
      </Table>
    </Section>
  );
}

function Copied({ what, value }: { readonly what: string; readonly value: string }) {
  return (
    <Group gap={6} wrap="nowrap">
      <Code style={{ overflowWrap: "anywhere" }}>{value}</Code>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? "Copied" : `Copy the ${what}`}>
            <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`Copy the ${what}`} onClick={copy}>
              {copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}
