import { Anchor, Container } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { Empty } from "../components/Empty";
import { Page } from "../components/Page";

export function PageNotFound() {
  return (
    <Container component="main" py="xl">
      <Page title="No such page">
        <Empty title="There is nothing at this address">
          The link may be old, or mistyped.{" "}
          <Anchor component={Link} to="/">
            To the overview
          </Anchor>
        </Empty>
      </Page>
    </Container>
  );
}
