import type { FullResult, Reporter, TestCase, TestResult } from "@playwright/test/reporter";

/** Prints each figure as it is measured and all of them as the last line. */
export default class FigureReporter implements Reporter {
  readonly #figures: Record<string, number> = {};

  onStdOut(text: string | Buffer): void {
    process.stdout.write(text);
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    console.log(`${result.status === "passed" ? "measured" : result.status.toUpperCase()}: ${test.title}`);
    for (const error of result.errors) {
      console.log(error.message);
    }
    for (const { type, description } of result.annotations) {
      if (type === "figure" && description !== undefined) {
        const [name = "", value = ""] = description.split("=");
        this.#figures[name] = Number(value);
        console.log(`  ${name} ${value}`);
      }
    }
  }

  onEnd({ status }: FullResult): void {
    if (status === "passed") {
      console.log(JSON.stringify({ bench: "frontend", ...this.#figures }));
    }
  }

  printsToStdio(): boolean {
    return true;
  }
}
