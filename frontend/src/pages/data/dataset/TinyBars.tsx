import type { Bars } from "../../../data/columns";

const WIDTH = 96;
const HEIGHT = 24;
const MOST = 20;

/** The spread of a column at a glance; the same is said in words beside it, and in full in the column's detail. */
export function TinyBars({ bars: { bars } }: { readonly bars: Bars }) {
  const shown = bars.slice(0, MOST);
  const highest = Math.max(...shown.map(({ count }) => count), 1);
  const step = WIDTH / Math.max(shown.length, 4);
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden style={{ display: "block" }}>
      {shown.map(({ label, count }, index) => {
        // What is there is seen, however little it is.
        const height = count === 0 ? 0 : Math.max((count / highest) * (HEIGHT - 1), 1.5);
        return (
          <rect
            key={label}
            x={index * step + 0.5}
            y={HEIGHT - height}
            width={Math.max(step - 1, 1)}
            height={height}
            fill="var(--mantine-primary-color-filled)"
            opacity={0.8}
          />
        );
      })}
    </svg>
  );
}
