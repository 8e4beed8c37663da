import type { Dataset } from "./datasets";

/** What the file of a dataset is called when it is downloaded: as the platform calls it. */
export function fileNameOf({ name, version, schema }: Pick<Dataset, "name" | "version" | "schema">): string {
  return `${name.replace(/[/\\]/g, "_")}-v${version}${ending(schema)}`;
}

const TAB = 9;

function ending(schema: Dataset["schema"]): string {
  switch (schema?.format.kind) {
    case "parquet":
      return ".parquet";
    case "xlsx":
      return ".xlsx";
    case "text": {
      const { delimiter, gzip } = schema.format;
      return `${delimiter === TAB ? ".tsv" : ".csv"}${gzip ? ".gz" : ""}`;
    }
    case undefined:
      return "";
  }
}

const DELIMITERS: Readonly<Record<number, string>> = { 9: "tabs", 44: "commas", 59: "semicolons", 124: "bars" };

/** How a file is written, in words. */
export function formatWords(format: NonNullable<Dataset["schema"]>["format"]): string {
  switch (format.kind) {
    case "parquet":
      return "Parquet";
    case "xlsx":
      return `Excel workbook, sheet “${format.sheet}”`;
    case "text": {
      const delimited = `Text delimited by ${DELIMITERS[format.delimiter] ?? "a delimiter"}`;
      return format.gzip ? `${delimited}, packed by gzip` : delimited;
    }
  }
}
