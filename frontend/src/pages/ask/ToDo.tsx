import { Anchor, List, Text } from "@mantine/core";

import { fieldOf, problemWords } from "../../ask/problems";
import type { FieldProblem } from "../../ask/schema/validate";
import { focusField, useForm } from "./QuestionContext";

/** What is still missing or wrong; each leads to its field. */
export function ToDo({ problems }: { readonly problems: readonly FieldProblem[] }) {
  const { question } = useForm();
  if (problems.length === 0) {
    return null;
  }
  return (
    <div role="status">
      <Text size="sm" fw={600}>
        Still to do
      </Text>
      <List size="sm">
        {problems.map((problem) => {
          const field = fieldOf(problem, question.all);
          const words = problemWords(problem, field, question.all);
          return (
            <List.Item key={`${problem.pointer} ${problem.detail}`}>
              {field ? (
                <>
                  <Anchor
                    component="button"
                    type="button"
                    size="sm"
                    onClick={() => {
                      focusField(field);
                    }}
                  >
                    {field.title}
                  </Anchor>
                  : {words}
                </>
              ) : (
                words
              )}
            </List.Item>
          );
        })}
      </List>
    </div>
  );
}
