import { SegmentedControl, type MantineColorScheme, useMantineColorScheme } from "@mantine/core";

import { Section } from "../../components/Section";

const SCHEMES: { value: MantineColorScheme; label: string }[] = [
  { value: "auto", label: "As this machine" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

/** Light, dark, or what the machine prefers; kept in this browser. */
export function Looks() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section title="Colours" about="Kept in this browser alone.">
      <SegmentedControl
        aria-label="Colours"
        data={SCHEMES}
        value={colorScheme}
        onChange={(value) => {
          const chosen = SCHEMES.find((scheme) => scheme.value === value);
          if (chosen) {
            setColorScheme(chosen.value);
          }
        }}
        w="fit-content"
      />
    </Section>
  );
}
