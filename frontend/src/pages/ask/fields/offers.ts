import { type Column, type Offer, typeWords } from "../../../ask/columns";
import { formatCount } from "../../../format";

const FEW_VALUES = 3;

/** A column in a few words: "whole numbers · 0, 1", "words · 600 values · 8,856 missing". */
export function factsOf(column: Column): string {
  const { distinct, topValues, missing } = column;
  const values =
    distinct === undefined
      ? undefined
      : distinct <= FEW_VALUES && column.allValuesKnown
        ? topValues.toSorted().join(", ")
        : `${formatCount(distinct)} values`;
  const parts = [typeWords(column), values, missing > 0 ? `${formatCount(missing)} missing` : undefined];
  return parts.filter((part) => part !== undefined).join(" · ");
}

/** The lists of a picker. Disabled is what cannot serve. */
export function grouped(offers: readonly Offer[]) {
  const item = ({ column, refusal }: Offer) => ({
    value: column.name,
    label: column.name,
    disabled: refusal !== undefined,
  });
  const able = offers.filter(({ refusal }) => refusal === undefined);
  const suggested = able.filter((offer) => offer.suggested);
  const others = able.filter((offer) => !offer.suggested);
  const unable = offers.filter(({ refusal }) => refusal !== undefined);
  return [
    { group: "Looks like it", items: suggested.map(item) },
    { group: suggested.length > 0 ? "Other columns" : "Columns", items: others.map(item) },
    { group: "Cannot serve here", items: unable.map(item) },
  ].filter(({ items }) => items.length > 0);
}
