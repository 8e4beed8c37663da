import { UnstyledButton } from "@mantine/core";
import { useState } from "react";

import { beginning, withTitles } from "../../../ask/schema/words";
import { useForm } from "../QuestionContext";
import classes from "./fields.module.css";

/** What a field means: a sentence, and the rest where it is wanted. */
export function Help({ text, title }: { readonly text: string; readonly title: string }) {
  const [open, setOpen] = useState(false);
  const { question } = useForm();
  const { first, rest } = beginning(withTitles(text, question.all));
  return (
    <>
      {first}
      {open && ` ${rest}`}
      {rest !== "" && (
        <>
          {" "}
          <UnstyledButton
            className={classes["more"]}
            aria-expanded={open}
            aria-label={open ? `Less about ${title}` : `More about ${title}`}
            onClick={() => {
              setOpen(!open);
            }}
          >
            {open ? "less" : "more"}
          </UnstyledButton>
        </>
      )}
    </>
  );
}
