import { useId, useMemo } from "react";

import { BOX_WIDTH, diagramOf } from "../../ask/diagram";
import { givenRoles } from "../../ask/roles";
import classes from "./Diagram.module.css";
import { useForm } from "./QuestionContext";

/** The question as a picture, and the same in words. */
export function Diagram() {
  const { question } = useForm();
  const marker = useId();
  const { width, height, boxes, arrows, words } = useMemo(
    () => diagramOf(givenRoles(question.fields.filter(question.asked), question.values)),
    [question],
  );
  if (boxes.length === 0 && words.length === 0) {
    return <p className={classes["empty"]}>Choose columns, and the question is drawn here.</p>;
  }
  return (
    <figure className={classes["figure"]}>
      {boxes.length > 0 && (
        <svg viewBox={`0 0 ${width} ${height}`} className={classes["picture"]} role="img" aria-label={words.join(" ")}>
          <defs>
            {(["question", "other", "none-expected"] as const).map((kind) => (
              <marker
                key={kind}
                id={`${marker}-${kind}`}
                viewBox="0 0 8 8"
                refX="7"
                refY="4"
                markerWidth="7"
                markerHeight="7"
                orient="auto-start-reverse"
              >
                <path d="M0 0 L8 4 L0 8 z" className={classes[`head-${kind}`]} />
              </marker>
            ))}
          </defs>
          {arrows.map(({ id, from, to, kind }) => (
            <line
              key={id}
              x1={from.x}
              y1={from.y}
              x2={to.x}
              y2={to.y}
              className={classes[kind]}
              markerEnd={`url(#${marker}-${kind})`}
            />
          ))}
          {boxes.map((box) => (
            <g key={box.id} transform={`translate(${box.x} ${box.y})`}>
              <rect
                width={BOX_WIDTH}
                height={box.height}
                rx={6}
                className={box.main ? classes["main"] : classes["box"]}
              />
              <text x={BOX_WIDTH / 2} y={19} className={classes["title"]}>
                {box.title}
              </text>
              {box.lines.map((line, index) => (
                <text key={line} x={BOX_WIDTH / 2} y={37 + index * 16} className={classes["line"]}>
                  {line}
                </text>
              ))}
            </g>
          ))}
        </svg>
      )}
      <figcaption className={classes["words"]}>
        {words.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </figcaption>
    </figure>
  );
}
