import { Anchor, type AnchorProps, Button, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";

/** What a link takes beside the looks. */
export type LinkAttributes = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps | keyof AnchorProps> & {
  readonly ref?: Ref<HTMLAnchorElement>;
};

function AnchorRoot(props: AnchorProps & LinkAttributes) {
  return <Anchor {...props} />;
}

function ButtonRoot(props: ButtonProps & LinkAttributes) {
  return <Button component="a" {...props} />;
}

/** A link within the app whose parameters are checked against the routes. */
export const LinkAnchor = createLink(AnchorRoot);

/** The same with the looks of a button. */
export const LinkButton = createLink(ButtonRoot);
