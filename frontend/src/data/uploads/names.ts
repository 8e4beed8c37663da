const MAX_NAME = 200;

/** What a dataset is called after its file, as the platform does it: `sales.csv.gz` becomes `sales`. */
export function nameOfFile(fileName: string): string {
  const name = fileName
    .replace(/\.gz$/i, "")
    .replace(/\.(csv|tsv|txt|parquet|pq|xlsx)$/i, "")
    .trim();
  return Array.from(name === "" ? fileName : name)
    .slice(0, MAX_NAME)
    .join("");
}

/** What is wrong with a dataset's name, in words; nothing where it is right. */
export function nameProblem(name: string): string | undefined {
  const length = Array.from(name.trim()).length;
  if (length === 0) {
    return "Give the dataset a name";
  }
  if (length > MAX_NAME) {
    return `The name has ${length} characters; give at most ${MAX_NAME}`;
  }
  return /\p{Cc}/u.test(name) ? "The name has control characters in it; leave them out" : undefined;
}
