// Writes src/api/schema.d.ts from openapi.json; with --check fails when it is not what that gives.
import { readFileSync, writeFileSync } from "node:fs";

import openapi, { astToString } from "openapi-typescript";
import { format, resolveConfig } from "prettier";

const written = "src/api/schema.d.ts";
const description = new URL("../../openapi.json", import.meta.url);
const source = astToString(await openapi(description, { emptyObjectsUnknown: true }));
const header = "// Generated from openapi.json by `npm run types`. Do not edit.\n";
const fresh = await format(header + source, { ...(await resolveConfig(written)), parser: "typescript" });
if (!process.argv.includes("--check")) {
    writeFileSync(written, fresh);
} else if (readFileSync(written, "utf8") !== fresh) {
    console.error(`${written} does not fit openapi.json. Type: npm --prefix frontend run types`);
    process.exitCode = 1;
}
