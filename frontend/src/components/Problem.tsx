import { Alert, Anchor, Button, Code, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconLock, IconMapOff, IconPlugConnectedX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import { ApiProblem, Unreachable, isTemporary } from "../api/problem";

interface Props {
  readonly error: unknown;
  /** What did not work, as in "The upload was refused". */
  readonly title?: string;
  /** Offered where trying again may help. */
  readonly onRetry?: () => void;
}

/** What went wrong, in words, with the request's id where there is one. */
export function Problem({ error, title, onRetry }: Props) {
  const status = error instanceof ApiProblem ? error.status : undefined;
  return (
    <Alert
      color={isTemporary(error) ? "orange" : "red"}
      icon={icon(error)}
      title={title ?? headline(error)}
      role="alert"
      variant="light"
    >
      <Stack gap="xs">
        <Text size="sm">{detail(error)}</Text>
        {error instanceof ApiProblem && error.requestId !== undefined && (
          <Text size="xs">
            Request <Code>{error.requestId}</Code> (give this to whoever runs the platform)
          </Text>
        )}
        <Group gap="sm">
          {onRetry && (
            <Button size="xs" variant="default" onClick={onRetry}>
              Try again
            </Button>
          )}
          {(status === 404 || status === 403) && (
            <Anchor component={Link} to="/" size="sm">
              To the overview
            </Anchor>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}

function icon(error: unknown) {
  if (error instanceof Unreachable) {
    return <IconPlugConnectedX aria-hidden />;
  }
  if (error instanceof ApiProblem && error.status === 403) {
    return <IconLock aria-hidden />;
  }
  if (error instanceof ApiProblem && error.status === 404) {
    return <IconMapOff aria-hidden />;
  }
  return <IconAlertTriangle aria-hidden />;
}

function headline(error: unknown): string {
  if (error instanceof Unreachable) {
    return "No connection to the platform";
  }
  if (!(error instanceof ApiProblem)) {
    return "Something on this page went wrong";
  }
  switch (error.status) {
    case 403:
      return "You may not do this";
    case 404:
      return "There is nothing here";
    case 429:
      return "Too many requests";
    default:
      return error.body.title;
  }
}

function detail(error: unknown): string {
  if (error instanceof ApiProblem && error.status === 404) {
    return "It does not exist, was deleted, or is in a workspace that you are not a member of.";
  }
  if (error instanceof ApiProblem && error.retryAfterS !== undefined) {
    return `${error.message} Try again in ${error.retryAfterS} s.`;
  }
  return error instanceof Error ? error.message : "An unknown error; reload the page.";
}
