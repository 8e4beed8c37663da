import { Accordion, Badge, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconFlag, IconShieldCheck } from "@tabler/icons-react";

import { NoticeCard } from "../components/NoticeCard";
import { answerOf } from "./answer";
import { type Check, checksOf, furtherWarnings } from "./checks";
import type { CausalImpactResult } from "./types";
import { checkAdvice, checkName, sentenceCase } from "./words";

/** What speaks against the answer: red flags, else that there are none and what was checked. Never folded away. */
export function FlagsCard({ result }: { readonly result: CausalImpactResult }) {
  const { red_flags: flags } = result;
  const warnings = furtherWarnings(result);
  return (
    <Stack component="section" gap="sm" aria-label="Red flags">
      {flags.length > 0 ? <Flags result={result} /> : <NoFlags result={result} />}
      {warnings.length > 0 && (
        <NoticeCard color="yellow" icon={<IconAlertTriangle size={18} aria-hidden />} title="Worth knowing">
          <Stack component="ul" gap={6} m={0} pl="md">
            {warnings.map(({ message }) => (
              <Text key={message} component="li" size="sm">
                {sentenceCase(message)}
              </Text>
            ))}
          </Stack>
        </NoticeCard>
      )}
    </Stack>
  );
}

function Flags({ result }: { readonly result: CausalImpactResult }) {
  const { red_flags: flags } = result;
  const title = flags.length === 1 ? "One red flag" : `${flags.length} red flags`;
  return (
    <NoticeCard color="red" icon={<IconFlag size={18} aria-hidden />} title={title}>
      <Stack gap="xs">
        <Text size="sm">Read these before using the number.</Text>
        <Accordion multiple variant="separated" chevronPosition="left" defaultValue={flags.length === 1 ? ["0"] : []}>
          {flags.map(({ check, message }, index) => (
            <Accordion.Item key={message} value={String(index)}>
              <Accordion.Control>
                <Text size="sm" fw={600}>
                  {checkName(check)}
                </Text>
                <Text size="sm">{sentenceCase(message)}</Text>
              </Accordion.Control>
              <Accordion.Panel>
                <Text size="sm" maw="80ch">
                  <b>What to do.</b>{" "}
                  {checkAdvice(check) ?? "Look at the plots and tables below before using the number."}
                </Text>
              </Accordion.Panel>
            </Accordion.Item>
          ))}
        </Accordion>
        <AllChecks checks={checksOf(result)} />
      </Stack>
    </NoticeCard>
  );
}

function NoFlags({ result }: { readonly result: CausalImpactResult }) {
  return (
    <NoticeCard color="teal" icon={<IconShieldCheck size={18} aria-hidden />} title="No red flags found">
      <Stack gap="xs">
        <Text size="sm">{answerOf(result).flags}</Text>
        <AllChecks checks={checksOf(result)} />
      </Stack>
    </NoticeCard>
  );
}

function AllChecks({ checks }: { readonly checks: readonly Check[] }) {
  if (checks.length === 0) {
    return null;
  }
  return (
    <Accordion chevronPosition="left" variant="contained">
      <Accordion.Item value="checks">
        <Accordion.Control>
          <Text size="sm">What was checked ({checks.length})</Text>
        </Accordion.Control>
        <Accordion.Panel>
          <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: "none" }}>
            {checks.map(({ check, name, finding, flagged }) => (
              <li key={`${check} ${name}`}>
                <Group gap="xs" wrap="nowrap" align="flex-start">
                  <Badge color={flagged ? "red" : "teal"} variant="light" tt="none" miw={70} style={{ flexShrink: 0 }}>
                    {flagged ? "red flag" : "passed"}
                  </Badge>
                  <Text size="sm">
                    <b>{name}:</b> {finding}
                  </Text>
                </Group>
              </li>
            ))}
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
