import { Alert, List } from "@mantine/core";

import { useForm } from "./QuestionContext";

/** Names columns that were asked for and are not there. */
export function GoneNotice() {
  const { question } = useForm();
  if (question.gone.length === 0) {
    return null;
  }
  return (
    <Alert color="orange" title="Columns that are not in these data were left out" role="status">
      <List size="sm">
        {question.gone.map(({ title, name }) => (
          <List.Item key={`${title} ${name}`}>
            {name} ({title})
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
