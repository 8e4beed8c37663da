import { Button, Container } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";

import { Page } from "../components/Page";
import { Problem } from "../components/Problem";

/** A page that threw: also one whose code was replaced by a newer build while it was open. */
export function PageCrashed({ error, reset }: ErrorComponentProps) {
  return (
    <Container component="main" py="xl">
      <Page title="This page could not be shown">
        <Problem error={error} onRetry={reset} />
        <Button
          variant="default"
          onClick={() => {
            window.location.reload();
          }}
          w="fit-content"
        >
          Reload the page
        </Button>
      </Page>
    </Container>
  );
}
