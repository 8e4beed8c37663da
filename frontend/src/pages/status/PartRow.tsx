import { Collapse, Group, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useId } from "react";

import { PartDetails } from "./PartDetails";
import { Since } from "./Since";
import { partElementId } from "./showPart";
import { StateBadge } from "./StateBadge";
import { StateIcon } from "./StateIcon";
import { Strip } from "./Strip";
import { Uptimes } from "./Uptimes";
import classes from "./status.module.css";
import type { Day, Part } from "../../status/types";
import type { TitleOf } from "../../status/words";

interface Props {
  readonly part: Part;
  readonly days: readonly Day[] | undefined;
  readonly titleOf: TitleOf;
}

/** A part in a row; what else is known of it is folded. */
export function PartRow({ part, days, titleOf }: Props) {
  const [opened, { toggle }] = useDisclosure(false);
  const details = useId();
  const { id, title, state, since, uptime } = part;
  const Chevron = opened ? IconChevronDown : IconChevronRight;
  return (
    <li id={partElementId(id)} className={classes["part"]}>
      <div className={classes["row"]}>
        <Group gap={6} wrap="nowrap" align="flex-start" miw={0}>
          <StateIcon state={state} size={20} />
          <div>
            <UnstyledButton onClick={toggle} aria-expanded={opened} aria-controls={details} fw={600} fz="sm">
              <Group gap={2} wrap="nowrap" component="span">
                {title}
                <Chevron size={16} aria-hidden />
              </Group>
            </UnstyledButton>
            <Text size="xs" c="dimmed" component="div">
              <StateBadge part={part} titleOf={titleOf} /> {state !== "unknown" && <Since at={since} />}
            </Text>
          </div>
        </Group>
        <Strip days={days} title={title} />
        <Uptimes uptime={uptime} />
      </div>
      <Collapse expanded={opened} id={details}>
        {opened && <PartDetails part={part} days={days ?? []} />}
      </Collapse>
    </li>
  );
}
