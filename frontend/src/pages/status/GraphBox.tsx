import { StateIcon } from "./StateIcon";
import classes from "./status.module.css";
import { showPart } from "./showPart";
import { BOX_HEIGHT } from "../../status/graph";
import type { Part } from "../../status/types";
import { type TitleOf, isRootCause, listed, standingWords } from "../../status/words";

interface Props {
  readonly part: Part;
  readonly titleOf: TitleOf;
  readonly place: { readonly left: number; readonly top: number; readonly width: number };
  readonly isNarrow: boolean;
}

/** A part in the picture; leads to its row. */
export function GraphBox({ part, titleOf, place, isNarrow }: Props) {
  const { id, title, state, parents, suppressed_by: by } = part;
  const isRoot = isRootCause(part);
  const kind = isRoot ? "root" : state === "fail" ? "because" : state;
  const below = parents.length > 0 ? `; stands on ${listed(parents.map(titleOf), 9)}` : "";
  const because = by && !isNarrow ? `because of ${titleOf(by)}` : "down";
  const standing = isRoot ? "Root cause" : state === "fail" ? because : state === "warn" ? "needs a look" : "";
  const cause = isRoot ? " (root cause)" : "";
  return (
    <button
      type="button"
      className={`${classes["box"]} ${classes[`box-${kind}`] ?? ""} ${isNarrow ? classes["narrow"] : ""}`}
      style={{ ...place, height: BOX_HEIGHT }}
      aria-label={`${title}: ${standingWords(part, titleOf).toLowerCase()}${cause}${below}`}
      onClick={() => {
        showPart(id);
      }}
    >
      <StateIcon state={state} size={isNarrow ? 14 : 18} />
      {isNarrow && <span className={`${classes["standing"]} ${isRoot ? classes["root"] : ""}`}>{standing}</span>}
      <span className={classes["words"]}>
        <span className={classes["name"]}>{title}</span>
        {!isNarrow && <span className={`${classes["standing"]} ${isRoot ? classes["root"] : ""}`}>{standing}</span>}
      </span>
    </button>
  );
}
