import { Anchor, Center, Container, Paper, Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { TransportNotice } from "../../transport/TransportNotice";

interface Props {
  readonly title: string;
  readonly children: ReactNode;
}

/** Around the pages for people who are not signed in. */
export function Frame({ title, children }: Props) {
  useDocumentTitle(`${title} · E2I Causal Analytics`);
  return (
    <Container component="main" size={420} py={{ base: "lg", sm: 64 }}>
      <Stack gap="lg">
        <Stack gap={4} align="center" ta="center">
          <Center>
            <img src="/icon.svg" alt="" width={44} height={44} />
          </Center>
          <Text fw={650} size="lg">
            E2I Causal Analytics
          </Text>
          <Text c="dimmed" size="sm">
            Did X cause Y, by how much, and for whom
          </Text>
        </Stack>
        <TransportNotice />
        <Paper withBorder p="lg" radius="md">
          <Stack gap="md">
            <Title order={1} size="h3">
              {title}
            </Title>
            {children}
          </Stack>
        </Paper>
        <Text size="xs" c="dimmed" ta="center">
          Is something not working?{" "}
          <Anchor component={Link} to="/status" inherit underline="always">
            Status of the platform
          </Anchor>
        </Text>
      </Stack>
    </Container>
  );
}
