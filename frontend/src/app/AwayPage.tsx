import { Alert, Anchor, Container, MantineProvider } from "@mantine/core";

import { cssVariables, theme } from "./theme";

/** Instead of everything, while the platform does not even say how to sign in. */
export function AwayPage() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <Container component="main" size="xs" py="xl">
        <Alert color="orange" role="status" title="The platform does not answer">
          It may be starting. This page tries again by itself every two seconds.{" "}
          <Anchor href="/status" inherit underline="always">
            What is wrong
          </Anchor>
        </Alert>
      </Container>
    </MantineProvider>
  );
}
