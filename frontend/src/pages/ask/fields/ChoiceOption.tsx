import { Text } from "@mantine/core";

import type { Choice } from "../../../ask/schema/fields";

/** A choice in a list, with what it means. */
export function ChoiceOption({ choice }: { readonly choice: Choice | undefined }) {
  return (
    choice && (
      <div>
        <Text size="sm">{choice.label}</Text>
        {choice.help !== undefined && (
          <Text size="xs" c="dimmed">
            {choice.help}
          </Text>
        )}
      </div>
    )
  );
}
