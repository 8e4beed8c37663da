import { Badge, Box, Group, Progress, Stack, Text } from "@mantine/core";

import { Section } from "../../components/Section";
import { diskShares } from "../../deployments/disk";
import type { Disk } from "../../deployments/types";
import { DISK_LEVELS } from "../../deployments/words";
import { formatBytes, formatPercent } from "../../format";

/** The disk that everything shares: how full it is, of what, and what that means. */
export function DiskBudget({ disk }: { readonly disk: Disk }) {
  const { color, words } = DISK_LEVELS[disk.level];
  const shares = diskShares(disk);
  return (
    <Section
      title="Disk"
      about={words}
      actions={
        <Badge color={color} variant="light" tt="none">
          {formatPercent(Math.round(disk.used_share * 1000) / 1000)} used
        </Badge>
      }
    >
      <Stack gap="xs">
        <Progress.Root size={18} role="presentation">
          {shares.map(({ name, share, color: fill }) => (
            <Progress.Section key={name} value={share * 100} color={fill} withAria={false} />
          ))}
        </Progress.Root>
        <Group component="ul" gap="4px 16px" m={0} p={0} aria-label="What is on it" style={{ listStyle: "none" }}>
          {shares.map(({ name, sizeBytes, color: fill }) => (
            <Group key={name} component="li" gap={6} wrap="nowrap">
              <Box w={10} h={10} bg={fill} style={{ borderRadius: 2, flexShrink: 0 }} aria-hidden />
              <Text size="sm" component="span">
                {name} {formatBytes(sizeBytes)}
              </Text>
            </Group>
          ))}
          <Text size="sm" component="li" c="dimmed">
            {formatBytes(disk.free_bytes)} of {formatBytes(disk.total_bytes)} free
          </Text>
        </Group>
      </Stack>
    </Section>
  );
}
