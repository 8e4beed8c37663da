import { Code } from "@mantine/core";
import { Fragment } from "react";

/** A description of a schema: what stands between backticks is a name. */
export function Help({ text }: { readonly text: string }) {
  return text
    .split("`")
    .map((part, index) =>
      index % 2 === 1 ? <Code key={index}>{part}</Code> : <Fragment key={index}>{part}</Fragment>,
    );
}
