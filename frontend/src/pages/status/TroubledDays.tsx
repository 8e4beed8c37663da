import { Stack, Text } from "@mantine/core";

import { stripWords, troubledDays } from "../../status/bars";
import type { Day } from "../../status/types";
import { dayName, dayWords } from "../../status/words";

/** The strip in words: every day on which something was to be said. */
export function TroubledDays({ days }: { readonly days: readonly Day[] }) {
  if (days.length === 0) {
    return null;
  }
  return (
    <div>
      <Text size="sm">{stripWords(days)}</Text>
      <Stack component="ul" gap={2} m={0} mt={4} pl="md">
        {troubledDays(days).map((day) => (
          <Text key={day.date} component="li" size="sm">
            {dayName(day.date)}: {dayWords(day)}
          </Text>
        ))}
      </Stack>
    </div>
  );
}
