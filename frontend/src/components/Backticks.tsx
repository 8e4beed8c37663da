import { Code } from "@mantine/core";

/** Words of the platform, in which `names` and `values` stand between backticks. */
export function Backticks({ text }: { readonly text: string }) {
  return text.split("`").map((part, index) => (index % 2 === 1 ? <Code key={index}>{part}</Code> : part));
}
